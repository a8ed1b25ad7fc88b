/* The monotonic clock in milliseconds, and deadlines on it. */
#pragma once

#include <limits.h>
#include <stdint.h>
#include <time.h>

/* A deadline that never comes. */
#define NEVER INT64_MAX

static inline int64_t clock_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

/* What poll() and epoll_wait() want: milliseconds until the deadline, -1 for ever. */
static inline int clock_timeout(int64_t deadline, int64_t now) {
  if (deadline == NEVER) return -1;
  if (deadline <= now) return 0;
  return deadline - now > INT_MAX ? INT_MAX : (int)(deadline - now);
}
