/*
 * The Node binding of sockets.c: an object with the methods of NativeHandle (addon.ts). native-sockets.ts knows the
 * layout of the shared arrays.
 *
 * libuv watches the epoll; each turn's events reach JavaScript in one call. Output is collected in an outbox during
 * that call and sent when it returns, so a message needs no call of its own.
 *
 * Longer than 250 lines because each method needs a function of boilerplate.
 */
#include <node_api.h>
#include <stdlib.h>
#include <uv.h>

#include "sockets.h"

/* Arrays that open() takes: events, times, input, output, outbox, state. */
enum { ARRAYS = 6 };

struct binding {
  napi_env env;
  napi_ref on_turn, arrays[ARRAYS];
  napi_async_context context;
  struct sockets *sockets;
  int open;    /* open connections … */
  bool waking; /* … and a timer that runs keep the event loop alive */
  uv_poll_t *poll;
  struct turn turn;
  uint8_t *output;
  int32_t *outbox, *state;
};

/*
 * Returning to libuv costs several times as much as asking the kernel again, and more events are likely. This bounds
 * the delay of a timer that is due.
 */
static const double LONGEST_STAY_MS = 0.25;

/* Indices into `state`, which both sides write. */
enum { QUEUED = 0, IN_TURN = 1 };

/* Numbers per outbox entry: slot, offset in the output, length. */
enum { ENTRY = 3 };

static void flush(struct binding *binding) {
  int32_t queued = binding->state[QUEUED];
  binding->state[QUEUED] = 0;
  for (int32_t i = 0; i < queued; i++) {
    const int32_t *entry = binding->outbox + i * ENTRY;
    sockets_send(binding->sockets, entry[0], binding->output + entry[1], (size_t)entry[2]);
  }
}

/* Returns false if the callback threw or disposed of the sockets. */
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
  flush(binding);
  return status == napi_ok;
}

static void keep_alive(struct binding *binding) {
  if (binding->open > 0 || binding->waking) uv_ref((uv_handle_t *)binding->poll);
  else uv_unref((uv_handle_t *)binding->poll);
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

static void on_closed(uv_handle_t *handle) { free(handle); }

/* Closes every connection and stops watching; further calls do nothing. */
static void stop(void *data) {
  struct binding *binding = data;
  if (!binding->sockets) return;
  uv_poll_stop(binding->poll);
  uv_close((uv_handle_t *)binding->poll, on_closed);
  sockets_dispose(binding->sockets);
  binding->sockets = NULL;
  /* The callback references the object that owns it: without this, neither would ever be freed. */
  napi_delete_reference(binding->env, binding->on_turn);
  for (int i = 0; i < ARRAYS; i++) napi_delete_reference(binding->env, binding->arrays[i]);
}

/* Opens the sockets and makes the event loop watch them. Returns false on failure. */
static bool start(napi_env env, struct binding *binding) {
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

static void on_collected(napi_env env, void *data, void *hint) {
  (void)hint;
  struct binding *binding = data;
  napi_remove_env_cleanup_hook(env, stop, binding);
  stop(binding);
  napi_async_destroy(env, binding->context);
  free(binding);
}

/* The method's binding and its numeric arguments; NULL with an exception after dispose(). */
static struct binding *called(napi_env env, napi_callback_info info, size_t count, int32_t *numbers) {
  napi_value arguments[2];
  size_t given = count;
  struct binding *binding;
  napi_get_cb_info(env, info, &given, arguments, NULL, (void **)&binding);
  if (!binding->sockets) {
    napi_throw_error(env, NULL, "these sockets have been disposed of");
    return NULL;
  }
  for (size_t i = 0; i < count; i++) napi_get_value_int32(env, arguments[i], &numbers[i]);
  return binding;
}

static napi_value number(napi_env env, int64_t value) {
  napi_value result;
  napi_create_int64(env, value, &result);
  return result;
}

/* connect(host, port, source): slot, or a negative errno */
static napi_value method_connect(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  char host[64] = "", source[64] = "";
  size_t length, count = 3;
  uint32_t port = 0;
  struct binding *binding = called(env, info, 0, NULL);
  if (!binding) return NULL;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_string_utf8(env, arguments[0], host, sizeof host, &length);
  napi_get_value_uint32(env, arguments[1], &port);
  napi_get_value_string_utf8(env, arguments[2], source, sizeof source, &length);
  int slot = sockets_connect(binding->sockets, host, (uint16_t)port, source);
  if (slot >= 0 && binding->open++ == 0) keep_alive(binding);
  return number(env, slot);
}

static napi_value method_flush(napi_env env, napi_callback_info info) {
  struct binding *binding = called(env, info, 0, NULL);
  if (binding) flush(binding);
  return NULL;
}

/* pending(slot): bytes */
static napi_value method_pending(napi_env env, napi_callback_info info) {
  int32_t slot;
  struct binding *binding = called(env, info, 1, &slot);
  return binding ? number(env, binding->sockets->connections[slot].length) : NULL;
}

static napi_value method_set_reading(napi_env env, napi_callback_info info) {
  int32_t numbers[2];
  struct binding *binding = called(env, info, 2, numbers);
  if (binding) sockets_set_reading(binding->sockets, numbers[0], numbers[1] != 0);
  return NULL;
}

static napi_value method_end(napi_env env, napi_callback_info info) {
  int32_t slot;
  struct binding *binding = called(env, info, 1, &slot);
  if (binding) sockets_end(binding->sockets, slot);
  return NULL;
}

static napi_value method_close(napi_env env, napi_callback_info info) {
  int32_t slot;
  struct binding *binding = called(env, info, 1, &slot);
  if (!binding) return NULL;
  sockets_close(binding->sockets, slot);
  if (--binding->open == 0) keep_alive(binding);
  return NULL;
}

static napi_value method_wake_in(napi_env env, napi_callback_info info) {
  int32_t us;
  struct binding *binding = called(env, info, 1, &us);
  if (!binding) return NULL;
  sockets_wake_in(binding->sockets, us);
  binding->waking = us > 0;
  keep_alive(binding);
  return NULL;
}

/* dispose(): closes every connection; further calls do nothing */
static napi_value method_dispose(napi_env env, napi_callback_info info) {
  struct binding *binding;
  napi_get_cb_info(env, info, NULL, NULL, NULL, (void **)&binding);
  stop(binding);
  return NULL;
}

static const struct {
  const char *name;
  napi_callback method;
} METHODS[] = {
    {"connect", method_connect},        {"flush", method_flush}, {"pending", method_pending},
    {"setReading", method_set_reading}, {"end", method_end},     {"close", method_close},
    {"wakeIn", method_wake_in},         {"dispose", method_dispose},
};

/* open(onTurn, events, times, input, output, outbox, state): an object with the methods above */
static napi_value open_sockets(napi_env env, napi_callback_info info) {
  napi_value arguments[1 + ARRAYS], object, name;
  size_t count = 1 + ARRAYS, length[ARRAYS];
  void *data[ARRAYS];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  for (int i = 0; i < ARRAYS; i++) {
    if (napi_get_typedarray_info(env, arguments[1 + i], NULL, &length[i], &data[i], NULL, NULL) != napi_ok) {
      napi_throw_type_error(env, NULL, "open() takes a function and six typed arrays");
      return NULL;
    }
  }
  struct binding *binding = calloc(1, sizeof *binding);
  if (!binding || !start(env, binding)) {
    napi_throw_error(env, NULL, "the event loop cannot watch an epoll here");
    return NULL;
  }
  binding->env = env;
  binding->turn = (struct turn){data[0], data[1], data[2], .capacity = (int)length[1], .input_bytes = length[2]};
  binding->output = data[3];
  binding->outbox = data[4];
  binding->state = data[5];
  napi_create_reference(env, arguments[0], 1, &binding->on_turn);
  for (int i = 0; i < ARRAYS; i++) napi_create_reference(env, arguments[1 + i], 1, &binding->arrays[i]);
  napi_create_string_utf8(env, "holdfast", NAPI_AUTO_LENGTH, &name);
  napi_create_object(env, &object);
  napi_async_init(env, object, name, &binding->context);
  for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++) {
    napi_value method;
    napi_create_function(env, METHODS[i].name, NAPI_AUTO_LENGTH, METHODS[i].method, binding, &method);
    napi_set_named_property(env, object, METHODS[i].name, method);
  }
  napi_wrap(env, object, binding, on_collected, NULL, NULL);
  napi_add_env_cleanup_hook(env, stop, binding);
  return object;
}

NAPI_MODULE_INIT() {
  napi_value open;
  napi_create_function(env, "open", NAPI_AUTO_LENGTH, open_sockets, NULL, &open);
  napi_set_named_property(env, exports, "open", open);
  return exports;
}
