#pragma once
#include <stddef.h>
#include <stdint.h>

// The C of ncurses that Swift cannot say, and what must be async-signal-safe.

enum vigie_key {
  vigie_key_none = 0,
  vigie_key_up = 1, vigie_key_down, vigie_key_left, vigie_key_right,
  vigie_key_page_up, vigie_key_page_down, vigie_key_home, vigie_key_end,
  vigie_key_back_tab, vigie_key_backspace, vigie_key_delete, vigie_key_enter,
  vigie_key_shift_up, vigie_key_shift_down, vigie_key_shift_left, vigie_key_shift_right,
  vigie_key_resize, vigie_key_paste_start, vigie_key_paste_end,
  vigie_key_function = 100
};

/// One cell on its way to ncurses; `pair` is a colour pair, `marks` up to four combining scalars.
typedef struct {
  uint32_t scalar;
  uint32_t marks[4];
  int32_t pair;
  uint32_t attributes;
} vigie_cell;

/// 0 when the name has a usable entry, 1 when it has none, 2 when it cannot place a cursor.
int vigie_terminal_check(const char *name);
/// Opens the screen on standard input and output; 0 when it cannot.
int vigie_screen_open(const char *name);
/// Leaves the screen and puts the terminal back; safe to call twice.
void vigie_screen_close(void);
/// Colours of the open screen; 0 without colour.
int vigie_screen_colors(void);
/// Makes a pair of palette colours, -1 the terminal's own; the pair, or 0 when there is no room.
int vigie_screen_pair(int number, int foreground, int background);
int vigie_screen_pair_limit(void);
void vigie_screen_put(int y, int x, const vigie_cell *cells, int count);
void vigie_screen_cursor(int y, int x, int visible);
/// Sends what differs; the caller has checked that the line can take it.
void vigie_screen_update(int synchronized);
/// Believes nothing of what the terminal shows.
void vigie_screen_forget(void);
/// Asks the terminal for its attributes: every terminal answers, after all that was sent before.
void vigie_screen_ask(void);
void vigie_screen_resize(int rows, int columns);
/// 1 with `scalar` or `key` set, 0 when nothing is waiting, -1 at the end of input.
int vigie_screen_read(uint32_t *scalar, int *key);
/// Stops the process as ctrl-z does, and takes the terminal again on return.
void vigie_screen_suspend(void);

void vigie_terminal_size(int *rows, int *columns);
/// Bytes that the line has not taken yet; 0 when it does not say.
int vigie_output_backlog(void);
/// 1 when a write would not block.
int vigie_output_ready(void);
/// 1 when the character set of the environment's locale is UTF-8.
int vigie_locale_is_utf8(void);
int vigie_is_terminal(int descriptor);

int vigie_doorbell_open(void);
void vigie_doorbell_ring(int descriptor);
void vigie_doorbell_clear(int descriptor);
void vigie_doorbell_close(int descriptor);

/// Catches the signals that end or resize, as bytes in a pipe; the reading end.
int vigie_signals_open(void);
/// The next signal caught, or 0.
int vigie_signals_next(void);
/// Waits for input, the doorbell or a signal; milliseconds -1 without end. Bits: 1 input, 2
/// doorbell, 4 signal, 8 hang-up.
int vigie_wait(int doorbell, int milliseconds);
/// Restores the terminal before the previous handler of a fatal signal runs.
void vigie_crash_guard(void);
/// No core files, no reading of our memory by others, private files by default.
void vigie_harden_process(void);
