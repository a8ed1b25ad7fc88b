/*
 * sockets.c for Node: an object whose methods are those of NativeHandle (addon.ts). The layout of the shared arrays is
 * known to native-sockets.ts; what passes through them, to turns.c.
 */
#include <stdlib.h>

#include "binding.h"

static void on_collected(napi_env env, void *data, void *hint) {
  (void)hint;
  struct binding *binding = data;
  napi_remove_env_cleanup_hook(env, binding_stop, binding);
  binding_stop(binding);
  napi_async_destroy(env, binding->context);
  free(binding);
}

/* The binding that a method belongs to, and its numbers; NULL with an exception once it has been disposed of. */
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

/* connect(host, port): slot, or a negative errno */
static napi_value method_connect(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  char host[64] = "";
  size_t length, count = 2;
  uint32_t port = 0;
  struct binding *binding = called(env, info, 0, NULL);
  if (!binding) return NULL;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_string_utf8(env, arguments[0], host, sizeof host, &length);
  napi_get_value_uint32(env, arguments[1], &port);
  int slot = sockets_connect(binding->sockets, host, (uint16_t)port);
  if (slot >= 0 && binding->open++ == 0) uv_ref((uv_handle_t *)binding->poll);
  return number(env, slot);
}

/* flush(): sends what is in the outbox */
static napi_value method_flush(napi_env env, napi_callback_info info) {
  struct binding *binding = called(env, info, 0, NULL);
  if (binding) binding_flush(binding);
  return NULL;
}

/* pending(slot): bytes */
static napi_value method_pending(napi_env env, napi_callback_info info) {
  int32_t slot;
  struct binding *binding = called(env, info, 1, &slot);
  return binding ? number(env, binding->sockets->connections[slot].length) : NULL;
}

/* setReading(slot, 0 or 1) */
static napi_value method_set_reading(napi_env env, napi_callback_info info) {
  int32_t numbers[2];
  struct binding *binding = called(env, info, 2, numbers);
  if (binding) sockets_set_reading(binding->sockets, numbers[0], numbers[1] != 0);
  return NULL;
}

/* end(slot) */
static napi_value method_end(napi_env env, napi_callback_info info) {
  int32_t slot;
  struct binding *binding = called(env, info, 1, &slot);
  if (binding) sockets_end(binding->sockets, slot);
  return NULL;
}

/* close(slot) */
static napi_value method_close(napi_env env, napi_callback_info info) {
  int32_t slot;
  struct binding *binding = called(env, info, 1, &slot);
  if (!binding) return NULL;
  sockets_close(binding->sockets, slot);
  if (--binding->open == 0) uv_unref((uv_handle_t *)binding->poll);
  return NULL;
}

/* dispose(): closes every connection; calling it again does nothing */
static napi_value method_dispose(napi_env env, napi_callback_info info) {
  struct binding *binding;
  napi_get_cb_info(env, info, NULL, NULL, NULL, (void **)&binding);
  binding_stop(binding);
  return NULL;
}

static const struct {
  const char *name;
  napi_callback method;
} METHODS[] = {
    {"connect", method_connect},        {"flush", method_flush}, {"pending", method_pending},
    {"setReading", method_set_reading}, {"end", method_end},     {"close", method_close},
    {"dispose", method_dispose},
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
  if (!binding || !binding_start(env, binding)) {
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
  napi_add_env_cleanup_hook(env, binding_stop, binding);
  return object;
}

NAPI_MODULE_INIT() {
  napi_value open;
  napi_create_function(env, "open", NAPI_AUTO_LENGTH, open_sockets, NULL, &open);
  napi_set_named_property(env, exports, "open", open);
  return exports;
}
