/* The command line of docs/servers/contract.md. */
#pragma once

#include <stdint.h>

#include "../models/model.h"
#include "../services/service.h"

enum { EXIT_USAGE = 2, EXIT_PORT_IN_USE = 3 };

struct options {
  const struct model *model;
  const struct service *service;
  const char *host;
  unsigned port;           /* 0: the kernel chooses */
  unsigned workers;        /* 1 without a pool */
  unsigned slots;          /* connections that one worker serves at once; 0: unbounded */
  unsigned limit;          /* connections that the whole server serves at once; 0: unbounded */
  unsigned backlog;
  unsigned patience_ms;    /* 0: for ever */
  unsigned drain_ms;
  unsigned max_connections;
  unsigned idle_ms;        /* 0: never */
};

/* Reads the command line; ends the process with one line on stderr and exit code 2 when it cannot be understood. */
struct options options_parse(int argc, char **argv);
