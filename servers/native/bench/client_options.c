#include "client_options.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../server/parameter.h"
#include "../net/wire.h"

enum { EXIT_USAGE = 2, MAX_CONNECTIONS = 1000000 };

_Noreturn static void usage(const char *problem) {
  fprintf(stderr,
          "client: %s\nusage: client --port N [--host A] [--hosts K: spread over K addresses from A] [--connections N]\n"
          "  [--mode hold|connect] [--raw true|false] [--size BYTES] [--count MESSAGES | --seconds S] [--think-ms MS]\n",
          problem);
  exit(EXIT_USAGE);
}

static bool parse(struct client_options *options, const char *name, const char *value) {
  if (strcmp(name, "--host") == 0) return inet_pton(AF_INET, value, &options->host) == 1;
  if (strcmp(name, "--port") == 0) return parse_u64(value, 65535, &options->port);
  if (strcmp(name, "--hosts") == 0) return parse_u64(value, 254, &options->hosts) && options->hosts > 0;
  if (strcmp(name, "--connections") == 0) {
    return parse_u64(value, MAX_CONNECTIONS, &options->connections) && options->connections > 0;
  }
  if (strcmp(name, "--raw") == 0) return parse_bool(value, &options->raw);
  if (strcmp(name, "--size") == 0) return parse_u64(value, HF_MAX_FRAME_BYTES - HF_HEADER_BYTES - 4, &options->size);
  if (strcmp(name, "--count") == 0) return parse_u64(value, UINT64_MAX, &options->count);
  if (strcmp(name, "--think-ms") == 0) return parse_u64(value, 3600000, &options->think_ms);
  if (strcmp(name, "--seconds") == 0) {
    char *end;
    options->seconds = strtod(value, &end);
    return *end == '\0' && options->seconds > 0;
  }
  if (strcmp(name, "--mode") == 0) {
    options->connect_mode = strcmp(value, "connect") == 0;
    return options->connect_mode || strcmp(value, "hold") == 0;
  }
  return false;
}

struct client_options client_options_parse(int argc, char **argv) {
  struct client_options options = {.connections = 1, .hosts = 1, .size = 64};
  inet_pton(AF_INET, "127.0.0.1", &options.host);
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc || !parse(&options, argv[i], argv[i + 1])) usage(argv[i]);
  }
  if (options.port == 0) usage("--port is needed");
  if (options.raw && options.size == 0) usage("--raw needs a --size of at least 1");
  if (options.count == 0 && options.seconds == 0) usage("--count or --seconds is needed");
  return options;
}
