/* One caller's stream, from its acceptance to its end. There is one at a time. */
#ifndef SESSION_H
#define SESSION_H
#include "gate.h"
#include <stdbool.h>
#include <stdint.h>

enum session_state {
    SESSION_NONE,
    SESSION_LIVE,
    /* The caller has gone; what it sent before is still due, at most the latency later. */
    SESSION_DRAINING
};

void session_begin(const struct admission *admission, int64_t now_ms);
/* Passes on what is due, and each second the statistics. */
enum session_state session_turn(int64_t now_ms);
enum session_state session_state(void);
/* Ends it from here, because the program ends. */
void session_close(int64_t now_ms);
#endif
