#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "known.h"

struct options options;

static const struct number {
  const char *name;
  uint64_t *field;
} numbers[] = {
    {"--port", &options.port},
    {"--most", &options.most},
    {"--seed", &options.seed},
    {"--stall-from-ms", &options.stall_from_ms},
    {"--stall-ms", &options.stall_ms},
    {"--cpu-us", &options.cpu_us},
    {"--cold-us", &options.cold_us},
    {"--memory-bytes", &options.memory_bytes},
    {"--parent-bytes", &options.parent_bytes},
    {"--lose", &options.lose},
    {"--corrupt", &options.corrupt},
    {"--fail", &options.fail},
};

_Noreturn static void reject(const char *name, const char *value) {
  fprintf(stderr, "known-server: %s %s is not understood: see options.c\n", name, value);
  exit(2);
}

static uint64_t number(const char *name, const char *value, char **end) {
  errno = 0;
  uint64_t parsed = strtoull(value, end, 10);
  if (*end == value || errno != 0) reject(name, value);
  return parsed;
}

static int one_of(const char *name, const char *value, const char *const *choices, int count) {
  for (int i = 0; i < count; i++) {
    if (strcmp(value, choices[i]) == 0) return i;
  }
  reject(name, value);
}

/* 5000, uniform:1000..20000 or exponential:5000, in us. */
static void set_delay(const char *name, const char *value) {
  char *end;
  const char *colon = strchr(value, ':');
  const char *figures = colon ? colon + 1 : value;
  if (strncmp(value, "uniform:", 8) == 0) options.distribution = UNIFORM;
  else if (strncmp(value, "exponential:", 12) == 0) options.distribution = EXPONENTIAL;
  else if (colon) reject(name, value);
  options.low_us = options.high_us = number(name, figures, &end);
  if (options.distribution == UNIFORM && strncmp(end, "..", 2) == 0) {
    const char *high = end + 2;
    options.high_us = number(name, high, &end);
  }
  if (*end != '\0' || options.high_us < options.low_us) reject(name, value);
}

static void set(const char *name, const char *value) {
  static const char *const burners[] = {"server", "child", "orphan"};
  static const char *const servers[] = {"thread", "process"};
  static const char *const corruptions[] = {"bit", "half", "stranger"};
  static const char *const wires[] = {"frames", "raw"};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (strcmp(name, numbers[i].name) != 0) continue;
    char *end;
    *numbers[i].field = number(name, value, &end);
    if (*end != '\0') reject(name, value);
    return;
  }
  if (strcmp(name, "--delay-us") == 0) set_delay(name, value);
  else if (strcmp(name, "--cpu-by") == 0) options.burner = (enum burner)one_of(name, value, burners, 3);
  else if (strcmp(name, "--serve") == 0) options.processes = one_of(name, value, servers, 2) == 1;
  else if (strcmp(name, "--wire") == 0) options.raw = one_of(name, value, wires, 2) == 1;
  else if (strcmp(name, "--corrupt-by") == 0) options.corruption = (enum corruption)one_of(name, value, corruptions, 3);
  else reject(name, value);
}

void options_parse(int argc, char **argv) {
  if (argc % 2 == 0) reject(argv[argc - 1], "(a value is missing)");
  for (int i = 1; i < argc; i += 2) set(argv[i], argv[i + 1]);
}
