#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parameter.h"
#include "server.h"

#define MODEL(name) &name##_model,
static const void *const models[] = {MODELS(MODEL)};
#define SERVICE(name) &name##_service,
static const void *const services[] = {SERVICES(SERVICE)};

enum { MODEL_COUNT = sizeof models / sizeof *models, SERVICE_COUNT = sizeof services / sizeof *services };

static const struct number {
  const char *name;
  size_t field;
  uint64_t min, max;
} numbers[] = {
    {"--port", offsetof(struct options, port), 0, 65535},
    {"--workers", offsetof(struct options, workers), 1, 1024},
    {"--slots", offsetof(struct options, slots), 0, 65535},
    {"--limit", offsetof(struct options, limit), 0, 65535},
    {"--backlog", offsetof(struct options, backlog), 1, 65535},
    {"--patience", offsetof(struct options, patience_ms), 0, 3600000},
    {"--drain", offsetof(struct options, drain_ms), 0, 3600000},
    {"--max-connections", offsetof(struct options, max_connections), 1, 1000000},
    {"--idle", offsetof(struct options, idle_ms), 0, 86400000},
};

_Noreturn __attribute__((format(printf, 1, 2))) static void reject(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("server: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(EXIT_USAGE);
}

/* The one with that id among models or services, which begin with their id. */
static const void *find(const char *kind, const char *id, const void *const *all, size_t count) {
  char known[512] = "";
  for (size_t i = 0; i < count; i++) {
    const char *other = *(const char *const *)all[i];
    if (strcmp(other, id) == 0) return all[i];
    snprintf(known + strlen(known), sizeof known - strlen(known), " %s", other);
  }
  reject("unknown %s '%s': it must be one of%s", kind, id, known);
}

static bool set_number(struct options *options, const char *name, const char *value) {
  uint64_t parsed;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    const struct number *number = &numbers[i];
    if (strcmp(name, number->name) != 0) continue;
    if (!parse_u64(value, number->max, &parsed) || parsed < number->min) {
      reject("%s must be a whole number from %llu to %llu, not '%s'", name, (unsigned long long)number->min,
             (unsigned long long)number->max, value);
    }
    *(unsigned *)((char *)options + number->field) = (unsigned)parsed;
    return true;
  }
  return false;
}

/* A parameter belongs to the model or to the service; the model is asked first. */
static void set_parameter(const struct options *options, char *pair) {
  char *equals = strchr(pair, '=');
  if (!equals || equals == pair) reject("--set takes KEY=VALUE, not '%s'", pair);
  *equals = '\0';
  if (options->model->set && options->model->set(pair, equals + 1)) return;
  if (!options->service->set) {
    reject("--set %s=%s is not understood: %s takes no parameters", pair, equals + 1, options->service->id);
  }
  const char *allowed = options->service->set(pair, equals + 1);
  if (allowed) reject("--set %s=%s is not understood: %s", pair, equals + 1, allowed);
}

/* What the model has no use for is refused, not passed over: a figure must never be read under a wrong setting. */
static void check_fit(const struct options *options, bool workers_given) {
  const struct model *model = options->model;
  if (options->service->together && model->workers == WORKERS_ONE && !model->serves_many) {
    reject("%s cannot run %s: it serves one connection at a time", model->id, options->service->id);
  }
  if (workers_given && model->workers != WORKERS_POOL) reject("%s has no pool: it takes no --workers", model->id);
  if (!model->serves_many && options->slots != 1) {
    reject("a worker of %s serves one connection at once: --slots must be 1", model->id);
  }
  if (!model->queues && options->limit != 0) {
    reject("%s keeps no queue of its own: --limit must be 0 (its workers and their --slots are its limit)", model->id);
  }
}

struct options options_parse(int argc, char **argv) {
  if (argc < 2) reject("usage: server VARIANT --service NAME [options] (docs/servers/contract.md)");
  const struct model *model = find("variant", argv[1], models, MODEL_COUNT);
  struct options options = {
      .model = model,
      .service = &echo_service,
      .host = "127.0.0.1",
      .workers = model->workers == WORKERS_POOL ? 8 : 1,
      .slots = model->serves_many ? 0 : 1,
      .limit = model->workers == WORKERS_PER_CONNECTION ? 64 : 0,
      .backlog = 511,
      .patience_ms = 5000,
      .drain_ms = 2000,
      .max_connections = 20000,
      .idle_ms = 60000,
  };
  bool workers_given = false;
  for (int i = 2; i < argc; i += 2) {
    const char *name = argv[i];
    if (i + 1 == argc) reject("%s: unknown option, or its value is missing", name);
    char *value = argv[i + 1];
    workers_given = workers_given || strcmp(name, "--workers") == 0;
    if (strcmp(name, "--service") == 0) {
      options.service = find("service", value, services, SERVICE_COUNT);
    } else if (strcmp(name, "--host") == 0) {
      options.host = value;
    } else if (strcmp(name, "--set") != 0 && !set_number(&options, name, value)) {
      reject("unknown option %s: --service --port --host --workers --slots --limit --backlog --patience --drain "
             "--max-connections --idle --set are allowed",
             name);
    }
  }
  /* Only now is it known which service the parameters are for. */
  for (int i = 2; i < argc; i += 2) {
    if (strcmp(argv[i], "--set") == 0) set_parameter(&options, argv[i + 1]);
  }
  check_fit(&options, workers_given);
  return options;
}
