/*
 * Turns: libuv watches the epoll, and each turn's events go to JavaScript in one call. What JavaScript wants sent during
 * that call is collected in an outbox and sent when it returns, so that a message costs no crossing of its own.
 */
#include <stdlib.h>

#include "binding.h"

/*
 * Going back to libuv costs several times what asking the kernel once more does, and where there was something there
 * is likely more. But a timer that is due must not wait longer than this.
 */
static const double LONGEST_STAY_MS = 0.25;

/* Places in `state`, which both sides write. */
enum { QUEUED = 0, IN_TURN = 1 };

/* Numbers for each entry of the outbox: slot, offset in the output, length. */
enum { ENTRY = 3 };

void binding_flush(struct binding *binding) {
  int32_t queued = binding->state[QUEUED];
  binding->state[QUEUED] = 0;
  for (int32_t i = 0; i < queued; i++) {
    const int32_t *entry = binding->outbox + i * ENTRY;
    sockets_send(binding->sockets, entry[0], binding->output + entry[1], (size_t)entry[2]);
  }
}

/* False where the callback threw, or disposed of everything. */
static bool call_back(struct binding *binding, int count) {
  napi_env env = binding->env;
  napi_handle_scope scope;
  napi_value function, global, argument, ignored;
  napi_open_handle_scope(env, &scope);
  napi_get_reference_value(env, binding->on_turn, &function);
  napi_get_global(env, &global);
  napi_create_int32(env, count, &argument);
  binding->state[IN_TURN] = 1;
  napi_status status = napi_make_callback(env, binding->context, global, function, 1, &argument, &ignored);
  if (status == napi_pending_exception) {
    napi_value error;
    napi_get_and_clear_last_exception(env, &error);
    napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
  if (!binding->sockets) return false;
  binding->state[IN_TURN] = 0;
  binding_flush(binding);
  return status == napi_ok;
}

static void on_readable(uv_poll_t *poll, int status, int happened) {
  (void)status;
  (void)happened;
  struct binding *binding = poll->data;
  const double *times_ms = binding->turn.times_ms;
  double first_ms = 0;
  int count;
  do {
    count = sockets_collect(binding->sockets, &binding->turn);
    if (count == 0) return;
    if (first_ms == 0) first_ms = times_ms[0];
  } while (call_back(binding, count) && times_ms[count - 1] - first_ms < LONGEST_STAY_MS);
}

static void on_closed(uv_handle_t *handle) {
  free(handle);
}

void binding_stop(void *data) {
  struct binding *binding = data;
  if (!binding->sockets) return;
  uv_poll_stop(binding->poll);
  uv_close((uv_handle_t *)binding->poll, on_closed);
  sockets_dispose(binding->sockets);
  binding->sockets = NULL;
  /* The callback knows the object that it belongs to: kept, they would keep each other. */
  napi_delete_reference(binding->env, binding->on_turn);
  for (int i = 0; i < ARRAYS; i++) napi_delete_reference(binding->env, binding->arrays[i]);
}

bool binding_start(napi_env env, struct binding *binding) {
  uv_loop_t *loop;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return false;
  binding->sockets = sockets_open();
  if (!binding->sockets) return false;
  binding->poll = calloc(1, sizeof *binding->poll);
  if (!binding->poll || uv_poll_init(loop, binding->poll, binding->sockets->epoll) != 0) return false;
  binding->poll->data = binding;
  uv_unref((uv_handle_t *)binding->poll);
  return uv_poll_start(binding->poll, UV_READABLE, on_readable) == 0;
}
