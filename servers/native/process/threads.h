/* Worker threads. */
#ifndef HOLDFAST_THREADS_H
#define HOLDFAST_THREADS_H

/* Starts a detached thread with a stack that suits serve(). Returns 0 or an error number. */
int thread_start(void *(*body)(void *), void *argument);

#endif
