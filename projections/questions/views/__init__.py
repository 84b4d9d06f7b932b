"""Views a clinic keeps open, each a question with a name, one a file."""

from projections.questions.question import Question
from projections.questions.views.access_and_disclosures import access_and_disclosures
from projections.questions.views.adverse_event_clocks import adverse_event_clocks
from projections.questions.views.course_progress import course_progress
from projections.questions.views.keys_and_devices import keys_and_devices
from projections.questions.views.my_tasks import my_tasks
from projections.questions.views.release_register import release_register
from projections.questions.views.staff_credentials import staff_credentials
from projections.questions.views.supervision_coverage import supervision_coverage

VIEW_QUESTIONS: tuple[Question, ...] = (
    release_register,
    supervision_coverage,
    staff_credentials,
    course_progress,
    adverse_event_clocks,
    access_and_disclosures,
    keys_and_devices,
    my_tasks,
)
