/* Worker threads. */
#pragma once

#include <stdbool.h>

struct server;

/* Starts a detached thread with a stack that suits serve(). Returns 0 or an error number. */
int thread_start(void *(*body)(void *), void *argument);

/* Starts --workers of them, each with its row of the counters; false, after a line on stderr, when one cannot be. */
bool thread_start_all(const struct server *server, void *(*body)(void *));
