/* A pool of worker processes that accept for themselves: started, refilled when one dies, drained, killed in the end. */
#pragma once

#include "../server/server.h"

/* What a worker process does until the listening socket is shut down. context is the model's own. */
typedef void (*worker_body)(const struct server *server, struct tally *tally, void *context);

/* Runs --workers of them until the server has stopped and drained. Returns the exit code. */
int process_pool_run(struct server *server, worker_body body, void *context);
