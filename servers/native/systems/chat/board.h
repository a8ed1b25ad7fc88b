/*
 * What the workers of a server, processes or threads, know of each other: names that are held once in the whole server,
 * and messages that each publishes to all others (rings.h). Names are taken and given up under a mutex, which outlives a
 * worker that dies holding it; messages need none.
 */
#pragma once

#include "../../net/buffer.h"
#include "rings.h"

/* Longest name. */
enum { BOARD_NAME_BYTES = 64 };

/* How a service hears of the other workers. */
struct board_listener {
  ring_listener heard;
  /* A worker died that held this name: the message about it, to be published on its behalf. Returns its length. */
  uint32_t (*departure)(const uint8_t *name, uint32_t length, uint32_t count, uint8_t message[RING_MESSAGE_BYTES]);
};

/* Once, before any worker starts. False with errno set when there is no memory. */
bool board_prepare(const struct board_listener *listener);

/* Results of board_claim() that are no name's number. */
enum { BOARD_TAKEN = -1, BOARD_FULL = -2 };

/*
 * Takes a name for this worker and publishes a message about it. others gets up to most of the names held, each as a
 * u32 length and its bytes; *held their whole number.
 */
int board_claim(const uint8_t *name, uint32_t length, const uint8_t *message, uint32_t message_length,
                struct buffer *others, unsigned most, uint32_t *held);

/* Publishes what the holder of a name has to say; count is what a departure would tell of it. */
void board_publish(int number, uint32_t count, const uint8_t *message, uint32_t length);

/* Publishes a last message and gives the name up. */
void board_release(int number, const uint8_t *message, uint32_t length);

/*
 * Hands all that others published to the listener, and looks now and then whether any of them has died. False when this
 * worker was given up (rings_keep_up): its names are to be released.
 */
bool board_read(void);
