/* The folder of a server's own files, which goes with the server. Names are the server's own, never a client's. */
#pragma once

#include "../../net/buffer.h"

/* Makes it, for this user only. False with errno set. */
bool store_open(void);

/* Removes it, and all files in it. */
void store_dispose(void);

/* Removes the folders of servers that were killed, and so could not do it themselves. */
void store_sweep(void);

/* Each false with errno set. A short append is one write, so that those of several workers do not mix. */
bool store_write(const char *name, const struct buffer *content);
bool store_append(const char *name, const void *bytes, size_t length);

/* Appends all of a file to content; a file that is not there is empty. */
bool store_read(const char *name, struct buffer *content);

void store_remove(const char *name);
