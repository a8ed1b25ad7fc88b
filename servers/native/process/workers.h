/* The workers of a server: child processes that never outlive their parent, each in a numbered place, and threads. */
#pragma once

#include <sys/types.h>

#include "../server/server.h"

/* A worker that dies sooner than this after its start is replaced only after such a pause, or a fault that kills every
 * worker at once would turn the supervisor into a fork bomb. */
enum { REFILL_PAUSE_MS = 100 };

struct children {
  pid_t *pids; /* by place; 0: nobody is there */
  unsigned places, alive;
  unsigned next; /* where children_place() looks first */
};

/* Ends the process when there is no memory. */
void children_open(struct children *children, unsigned places);

/* A free place; there must be one. */
unsigned children_place(struct children *children);

/* fork() into a free place. 0 in the child, its process id in the parent, -1 with errno set when it cannot be. */
pid_t children_fork(struct children *children, unsigned place);

/* Reaps one child that has ended and frees its place; -1 when there is none. */
int children_reap(struct children *children);

/*
 * Waits until a child in every place has told, by adding one to the eventfd, that it can serve. False, after a line on
 * stderr, when one is missing or ends before.
 */
bool children_await(struct children *children, int told);

/*
 * In a child: closes all descriptors that it inherited but the standard ones and these, which it sorts. A copy of
 * another client's waiting connection would keep that connection open after its own worker has closed it.
 */
void children_keep_only(int *descriptors, unsigned count);

/* Kills and reaps all that are left, and frees the table. */
void children_close(struct children *children);

/* What a worker process that accepts for itself does until the listening socket is shut down. */
typedef void (*worker_body)(const struct server *server, struct tally *tally);

/* Runs --workers such processes until the server has stopped and drained; one that dies is replaced. Returns the exit
 * code. */
int process_pool_run(struct server *server, worker_body body);

/* Starts a detached thread with a stack that suits serve(). Returns 0 or an error number. */
int thread_start(void *(*body)(void *), void *argument);

/* Starts --workers of them, each with its row of the counters; false, after a line on stderr, when one cannot be. */
bool thread_start_all(const struct server *server, void *(*body)(void *));
