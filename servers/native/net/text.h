/* UTF-8, as it comes from strangers. */
#ifndef HOLDFAST_TEXT_H
#define HOLDFAST_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The code point at the head of the bytes, and in *used how many it takes. -1 when they are no UTF-8: cut off, longer
 * than need be, a surrogate, or beyond U+10FFFF (RFC 3629).
 */
int32_t utf8_next(const uint8_t *bytes, uint32_t length, uint32_t *used);

/* Whether all of the bytes are UTF-8. */
bool utf8_is_valid(const uint8_t *bytes, uint32_t length);

#endif
