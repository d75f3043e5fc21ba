#include "frame.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

#define HEADER 5
#define EVENT_MAX 1024
/* Half a second of 60 Mbit/s. */
#define BUFFER (4u << 20)
/* Kept free for events that must arrive: some hundred sessions' beginnings and ends. */
#define RESERVE (64u << 10)

static int out = -1;
static uint8_t buffer[BUFFER];
static size_t start, held;
static uint64_t dropped;
static bool lost;

void frame_open(int fd) {
    out = fd;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

bool frame_pending(void) { return held > 0; }
bool frame_lost(void) { return lost; }

static size_t write_now(const struct iovec *parts, int count) {
    ssize_t wrote;
    do wrote = writev(out, parts, count);
    while (wrote < 0 && errno == EINTR);
    if (wrote >= 0) return (size_t)wrote;
    if (errno != EAGAIN && errno != EWOULDBLOCK) lost = true;
    return 0;
}

void frame_flush(void) {
    while (held > 0 && !lost) {
        size_t first = held < BUFFER - start ? held : BUFFER - start;
        const struct iovec parts[2] = {{buffer + start, first}, {buffer, held - first}};
        size_t wrote = write_now(parts, 2);
        if (wrote == 0) return;
        start = (start + wrote) % BUFFER;
        held -= wrote;
    }
}

static void hold(const uint8_t *bytes, size_t length) {
    size_t end = (start + held) % BUFFER;
    size_t first = length < BUFFER - end ? length : BUFFER - end;
    memcpy(buffer + end, bytes, first);
    memcpy(buffer, bytes + first, length - first);
    held += length;
}

static bool put(enum frame_rank rank, char type, const void *payload, size_t length) {
    size_t room = BUFFER - held;
    if (rank == FRAME_MAY_DROP) room = room > RESERVE ? room - RESERVE : 0;
    if (HEADER + length > room) return false;
    const uint8_t header[HEADER] = {(uint8_t)type, (uint8_t)(length >> 24), (uint8_t)(length >> 16),
                                    (uint8_t)(length >> 8), (uint8_t)length};
    size_t wrote = 0;
    if (held == 0) { /* nothing waits, so this may go without a copy */
        const struct iovec parts[2] = {{(void *)header, HEADER}, {(void *)payload, length}};
        wrote = write_now(parts, 2);
    }
    if (wrote < HEADER) {
        hold(header + wrote, HEADER - wrote);
        wrote = HEADER;
    }
    hold((const uint8_t *)payload + (wrote - HEADER), HEADER + length - wrote);
    return true;
}

/* False where there is no room even to say so. */
static bool tell_dropped(enum frame_rank rank) {
    if (dropped == 0) return true;
    char text[64];
    int length = snprintf(text, sizeof text, "{\"event\":\"dropped\",\"bytes\":%llu}", (unsigned long long)dropped);
    if (!put(rank, 'E', text, (size_t)length)) return false;
    dropped = 0;
    return true;
}

void frame_media(const void *media, size_t length) {
    frame_flush();
    /* Both or neither: media that came after a gap must come after the word of it. */
    if (BUFFER - held < RESERVE + length + HEADER + 64 + HEADER || !tell_dropped(FRAME_MAY_DROP) ||
        !put(FRAME_MAY_DROP, 'D', media, length))
        dropped += length;
}

void frame_event(enum frame_rank rank, const char *format, ...) {
    char text[EVENT_MAX];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (length < 0 || (size_t)length >= sizeof text) return;
    frame_flush();
    if ((!tell_dropped(rank) || !put(rank, 'E', text, (size_t)length)) && rank == FRAME_MUST_ARRIVE) lost = true;
}
