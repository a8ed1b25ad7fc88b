/* Serving one connection from its beginning to its end, blocking: what every worker of the classic models does. */
#pragma once

#include "connection.h"

/* Serves a connection that is counted as accepted in the tally, and counts its end. */
void serve(const struct server *server, struct tally *tally, int fd, bool waited, uint32_t waited_ms);

/* A worker of models whose workers accept for themselves: counts the connection, and refuses it over the limit. */
void serve_accepted(const struct server *server, struct tally *tally, int fd);
