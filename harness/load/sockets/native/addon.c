/*
 * sockets.c for Node: libuv watches the epoll, and each turn's events go to JavaScript in one call. What JavaScript
 * wants sent during that call is collected in an outbox and sent when it returns, so that a message costs no crossing
 * of its own. The layout of the shared arrays is known to native-sockets.ts.
 */
#include <errno.h>
#include <node_api.h>
#include <stdlib.h>
#include <uv.h>

#include "sockets.h"

/*
 * Going back to libuv costs several times what asking the kernel once more does, and where there was something there
 * is likely more. But a timer that is due must not wait longer than this.
 */
static const double LONGEST_STAY_MS = 0.25;

/* Places in `state`, which both sides write. */
enum { QUEUED = 0, IN_TURN = 1 };

/* Numbers for each entry of the outbox: slot, offset in the output, length. */
enum { ENTRY = 3 };

enum { ARRAYS = 6 };

struct joint {
  napi_env env;
  napi_ref on_turn, arrays[ARRAYS];
  napi_async_context context;
  struct sockets *sockets;
  uv_poll_t *poll;
  struct socket_event *events;
  double *times_ms;
  size_t capacity, input_bytes;
  uint8_t *input, *output;
  int32_t *outbox, *state;
};

static void flush(struct joint *joint) {
  int32_t queued = joint->state[QUEUED];
  joint->state[QUEUED] = 0;
  for (int32_t i = 0; i < queued; i++) {
    const int32_t *entry = joint->outbox + i * ENTRY;
    sockets_send(joint->sockets, entry[0], joint->output + entry[1], (size_t)entry[2]);
  }
}

/* False where the callback threw, or disposed of everything. */
static bool call_back(struct joint *joint, int count) {
  napi_env env = joint->env;
  napi_handle_scope scope;
  napi_value function, global, argument, ignored;
  napi_open_handle_scope(env, &scope);
  napi_get_reference_value(env, joint->on_turn, &function);
  napi_get_global(env, &global);
  napi_create_int32(env, count, &argument);
  joint->state[IN_TURN] = 1;
  napi_status status = napi_make_callback(env, joint->context, global, function, 1, &argument, &ignored);
  if (status == napi_pending_exception) {
    napi_value error;
    napi_get_and_clear_last_exception(env, &error);
    napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
  if (!joint->sockets) return false;
  joint->state[IN_TURN] = 0;
  flush(joint);
  return status == napi_ok;
}

static void on_readable(uv_poll_t *poll, int status, int happened) {
  (void)status;
  (void)happened;
  struct joint *joint = poll->data;
  const double *times_ms = joint->times_ms;
  double first_ms = 0;
  int count;
  do {
    count = sockets_collect(joint->sockets, joint->events, joint->times_ms, (int)joint->capacity, joint->input,
                            joint->input_bytes);
    if (count == 0) return;
    if (first_ms == 0) first_ms = times_ms[0];
  } while (call_back(joint, count) && times_ms[count - 1] - first_ms < LONGEST_STAY_MS);
}

static void on_closed(uv_handle_t *handle) {
  free(handle);
}

static void leave(void *data) {
  struct joint *joint = data;
  if (!joint->sockets) return;
  uv_poll_stop(joint->poll);
  uv_close((uv_handle_t *)joint->poll, on_closed);
  sockets_dispose(joint->sockets);
  joint->sockets = NULL;
  /* The callback knows the object that it belongs to: kept, they would keep each other. */
  napi_delete_reference(joint->env, joint->on_turn);
  for (int i = 0; i < ARRAYS; i++) napi_delete_reference(joint->env, joint->arrays[i]);
}

static void on_collected(napi_env env, void *data, void *hint) {
  (void)hint;
  struct joint *joint = data;
  napi_remove_env_cleanup_hook(env, leave, joint);
  leave(joint);
  napi_async_destroy(env, joint->context);
  free(joint);
}

/* The joint that a method belongs to and its numbers; NULL with an exception once it has been disposed of. */
static struct joint *called(napi_env env, napi_callback_info info, size_t wanted, napi_value *arguments,
                            int32_t *numbers) {
  struct joint *joint;
  size_t count = wanted;
  napi_get_cb_info(env, info, &count, arguments, NULL, (void **)&joint);
  if (!joint->sockets) {
    napi_throw_error(env, NULL, "these sockets have been disposed of");
    return NULL;
  }
  for (size_t i = 0; numbers && i < wanted; i++) napi_get_value_int32(env, arguments[i], &numbers[i]);
  return joint;
}

static napi_value number(napi_env env, int64_t value) {
  napi_value result;
  napi_create_int64(env, value, &result);
  return result;
}

/* connect(host, port): slot, or a negative errno */
static napi_value method_connect(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  char host[64] = "";
  size_t length;
  uint32_t port = 0;
  struct joint *joint = called(env, info, 2, arguments, NULL);
  if (!joint) return NULL;
  napi_get_value_string_utf8(env, arguments[0], host, sizeof host, &length);
  napi_get_value_uint32(env, arguments[1], &port);
  return number(env, sockets_connect(joint->sockets, host, (uint16_t)port));
}

/* flush(): sends what is in the outbox */
static napi_value method_flush(napi_env env, napi_callback_info info) {
  struct joint *joint = called(env, info, 0, NULL, NULL);
  if (joint) flush(joint);
  return NULL;
}

/* pending(slot): bytes */
static napi_value method_pending(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  int32_t slot;
  struct joint *joint = called(env, info, 1, arguments, &slot);
  return joint ? number(env, (int64_t)sockets_pending(joint->sockets, slot)) : NULL;
}

/* setReading(slot, 0 or 1) */
static napi_value method_set_reading(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int32_t numbers[2];
  struct joint *joint = called(env, info, 2, arguments, numbers);
  if (joint) sockets_set_reading(joint->sockets, numbers[0], numbers[1] != 0);
  return NULL;
}

static napi_value on_slot(napi_env env, napi_callback_info info, void (*act)(struct sockets *, int)) {
  napi_value arguments[1];
  int32_t slot;
  struct joint *joint = called(env, info, 1, arguments, &slot);
  if (joint) act(joint->sockets, slot);
  return NULL;
}

/* end(slot) */
static napi_value method_end(napi_env env, napi_callback_info info) {
  return on_slot(env, info, sockets_end);
}

/* close(slot) */
static napi_value method_close(napi_env env, napi_callback_info info) {
  return on_slot(env, info, sockets_close);
}

/* setReferenced(0 or 1): whether it keeps the event loop alive */
static napi_value method_set_referenced(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  int32_t referenced;
  struct joint *joint = called(env, info, 1, arguments, &referenced);
  if (!joint) return NULL;
  if (referenced) uv_ref((uv_handle_t *)joint->poll);
  else uv_unref((uv_handle_t *)joint->poll);
  return NULL;
}

/* dispose(): closes every connection; calling it again does nothing */
static napi_value method_dispose(napi_env env, napi_callback_info info) {
  struct joint *joint;
  napi_get_cb_info(env, info, NULL, NULL, NULL, (void **)&joint);
  leave(joint);
  return NULL;
}

static const struct {
  const char *name;
  napi_callback method;
} METHODS[] = {
    {"connect", method_connect}, {"flush", method_flush},
    {"pending", method_pending}, {"setReading", method_set_reading},
    {"end", method_end},         {"close", method_close},
    {"dispose", method_dispose}, {"setReferenced", method_set_referenced},
};

static bool start_watching(napi_env env, struct joint *joint) {
  uv_loop_t *loop;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return false;
  joint->sockets = sockets_open();
  if (!joint->sockets) return false;
  joint->poll = calloc(1, sizeof *joint->poll);
  if (!joint->poll || uv_poll_init(loop, joint->poll, sockets_descriptor(joint->sockets)) != 0) return false;
  joint->poll->data = joint;
  uv_unref((uv_handle_t *)joint->poll);
  return uv_poll_start(joint->poll, UV_READABLE, on_readable) == 0;
}

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
  struct joint *joint = calloc(1, sizeof *joint);
  if (!joint || !start_watching(env, joint)) {
    napi_throw_error(env, NULL, "the event loop cannot watch an epoll here");
    return NULL;
  }
  joint->env = env;
  joint->events = data[0];
  joint->capacity = length[1];
  joint->times_ms = data[1];
  joint->input = data[2];
  joint->input_bytes = length[2];
  joint->output = data[3];
  joint->outbox = data[4];
  joint->state = data[5];
  napi_create_reference(env, arguments[0], 1, &joint->on_turn);
  for (int i = 0; i < ARRAYS; i++) napi_create_reference(env, arguments[1 + i], 1, &joint->arrays[i]);
  napi_create_string_utf8(env, "holdfast", NAPI_AUTO_LENGTH, &name);
  napi_create_object(env, &object);
  napi_async_init(env, object, name, &joint->context);
  for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++) {
    napi_value method;
    napi_create_function(env, METHODS[i].name, NAPI_AUTO_LENGTH, METHODS[i].method, joint, &method);
    napi_set_named_property(env, object, METHODS[i].name, method);
  }
  napi_wrap(env, object, joint, on_collected, NULL, NULL);
  napi_add_env_cleanup_hook(env, leave, joint);
  return object;
}

NAPI_MODULE_INIT() {
  napi_value open;
  napi_create_function(env, "open", NAPI_AUTO_LENGTH, open_sockets, NULL, &open);
  napi_set_named_property(env, exports, "open", open);
  return exports;
}
