/* CRC-32 as of zlib, gzip and Ethernet (polynomial 0x04c11db7, reflected). */
#ifndef HOLDFAST_CRC32_H
#define HOLDFAST_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32(const uint8_t *bytes, size_t length);

#endif
