/*
 * What the workers of a server, processes or threads, know of each other: names that are held once in the whole server,
 * and what is announced about them, in this worker and through rings.h in all others. Names are taken and given up under
 * a mutex, which outlives a worker that dies holding it; announcing needs none.
 */
#pragma once

#include "../../net/buffer.h"
#include "chat_members.h"

/* Longest name, and how many are listed at most. */
enum { BOARD_NAME_BYTES = 64, BOARD_NAMES_LISTED = 1000 };

/* A name, in memory that all workers share. */
struct name {
  uint32_t place; /* its holder's, counted from 1; 0: free */
  uint32_t length;
  uint8_t bytes[BOARD_NAME_BYTES];
  _Atomic uint32_t said; /* messages announced in this name */
};

/* Once, before any worker starts. False with errno set when there is no memory. */
bool board_prepare(void);

/*
 * Takes a name for this worker and announces that it has come. others gets up to BOARD_NAMES_LISTED of the names held,
 * each as a u32 length and its bytes; *held their whole number. NULL when somebody has the name (*taken) or all is full.
 */
struct name *board_claim(const uint8_t *bytes, uint32_t length, struct buffer *others, uint32_t *held, bool *taken);

/* Announces to all others what a member says, a field of the wire. Returns the number of its message. */
uint32_t board_say(const struct member *member, const uint8_t *field, uint32_t length);

/* Announces that the holder of a name has left, and gives the name up. */
void board_release(struct name *name, bool abrupt);

/*
 * Tells the members what others announced, and looks now and then whether any worker has died. False when this worker
 * was given up (rings_keep_up): its names are to be released.
 */
bool board_read(void);
