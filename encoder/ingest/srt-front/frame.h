/*
 * The way to the parent: one stream of frames, so that media and events stay in order. A frame is a byte of type
 * ('D' media, 'E' an event in JSON), four bytes of length (big-endian) and the payload.
 *
 * A parent that does not read costs media, never memory or time: what does not fit into a buffer of fixed size is
 * dropped and counted, and the count is sent, in its place in the stream, as soon as there is room.
 */
#ifndef FRAME_H
#define FRAME_H
#include <stdbool.h>
#include <stddef.h>

#define FRAME_MAX 65536 /* the longest payload, in bytes */

/* What a frame may do when the parent does not read. */
enum frame_rank { FRAME_MAY_DROP, FRAME_MUST_ARRIVE };

void frame_open(int fd);
void frame_media(const void *media, size_t length);
void frame_event(enum frame_rank rank, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Writes what the parent takes now, and never waits. */
void frame_flush(void);
bool frame_pending(void);
/* The parent closed its end, or left no room for what must arrive: there is nobody to work for. */
bool frame_lost(void);
#endif
