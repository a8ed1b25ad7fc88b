/* What joins sockets.c to Node: the arrays that both sides share, and the event loop's watch over the epoll. */
#ifndef GENERATOR_BINDING_H
#define GENERATOR_BINDING_H

#include <node_api.h>
#include <stdbool.h>
#include <uv.h>

#include "sockets.h"

/* Arrays that open() takes: events, times, input, output, outbox, state. */
enum { ARRAYS = 6 };

struct binding {
  napi_env env;
  napi_ref on_turn, arrays[ARRAYS];
  napi_async_context context;
  struct sockets *sockets;
  int open; /* connections: the event loop is kept alive while there are any */
  uv_poll_t *poll;
  struct turn turn;
  uint8_t *output;
  int32_t *outbox, *state;
};

/* Opens the sockets and has the event loop watch them. False where it cannot. */
bool binding_start(napi_env env, struct binding *binding);

/* Sends what is in the outbox. */
void binding_flush(struct binding *binding);

/* Closes every connection and stops the watch; called again, it does nothing. Its argument is a struct binding. */
void binding_stop(void *data);

#endif
