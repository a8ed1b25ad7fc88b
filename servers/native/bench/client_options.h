/* The command line of the bare client. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct client_options {
  struct in_addr host;  /* the first of the addresses to connect to */
  uint64_t hosts;       /* how many there are: each has client ports of its own */
  uint64_t port, connections;
  uint64_t count;       /* messages in all; 0: no limit */
  double seconds;       /* 0: no limit */
  uint64_t think_ms;    /* between an answer and the next message of a connection */
  uint64_t size;        /* bytes of a message, its frame not counted */
  bool raw;             /* no frames */
  bool connect_mode;    /* a connection for each message */
};

/* Reads the command line; ends the process with the usage on stderr and exit code 2 when it cannot be understood. */
struct client_options client_options_parse(int argc, char **argv);
