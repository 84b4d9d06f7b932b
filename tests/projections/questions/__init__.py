"""The questions of auditors and the views of a clinic."""
