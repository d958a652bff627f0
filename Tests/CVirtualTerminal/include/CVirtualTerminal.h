#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A pseudo-terminal with a program in it and a terminal model that reads what it writes.
typedef struct virtual_terminal virtual_terminal;

/// Starts `arguments[0]` in a terminal of that size; NULL when the system refuses.
virtual_terminal *virtual_terminal_start(char *const arguments[], char *const environment[],
                                         int rows, int columns);
/// Reads for at most so many milliseconds; bytes read, 0 for none, -1 when the program has closed.
long virtual_terminal_pump(virtual_terminal *terminal, int milliseconds);
/// Types bytes; returns how many went.
long virtual_terminal_type(virtual_terminal *terminal, const char *bytes, size_t count);
void virtual_terminal_resize(virtual_terminal *terminal, int rows, int columns);
/// One row as UTF-8 into `buffer`; returns the number of bytes.
size_t virtual_terminal_row(virtual_terminal *terminal, int row, char *buffer, size_t capacity);
/// 1 while the program shows its alternate screen.
int virtual_terminal_alternate(const virtual_terminal *terminal);
/// 1 while the cursor is shown.
int virtual_terminal_cursor(const virtual_terminal *terminal);
/// 1 when the line discipline is cooked with echo: what a shell needs.
int virtual_terminal_sane(const virtual_terminal *terminal);
/// All bytes written by the program so far.
uint64_t virtual_terminal_bytes(const virtual_terminal *terminal);
pid_t virtual_terminal_process(const virtual_terminal *terminal);
/// Exit status as waitpid gives it; -1 while it runs.
int virtual_terminal_status(virtual_terminal *terminal);
/// Closes the program's terminal without a word, as a lost connection does.
void virtual_terminal_hang_up(virtual_terminal *terminal);
/// Ends the program if it still runs, and frees everything.
void virtual_terminal_free(virtual_terminal *terminal);
/// The bytes written by the program, at most the first mebibyte.
const char *virtual_terminal_record(const virtual_terminal *terminal, size_t *count);
