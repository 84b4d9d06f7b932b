/*
 * fsync and fdatasync as on a slower disk: done for real, and answered no sooner than after SYNC_MICROSECONDS.
 * Loaded in front of the system's own by benchmarks/slow_disk.py; whoever syncs in that process waits, nobody else.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int slowly(long call, int file) {
    const char *said = getenv("SYNC_MICROSECONDS");
    long asked = said ? atol(said) : 0;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += asked * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    int answer = (int)syscall(call, file);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0) {
    }
    return answer;
}

int fsync(int file) { return slowly(SYS_fsync, file); }

int fdatasync(int file) { return slowly(SYS_fdatasync, file); }
