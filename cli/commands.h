/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The subcommands of ring3. argv[0] is the command's own name; they return the exit status. */
#ifndef RING3_COMMANDS_H
#define RING3_COMMANDS_H

/* EXIT_SUCCESS: all clean. EXIT_FAILURE: it failed, or the report is not clean. */
#define EXIT_USAGE 2

int cmd_run(int argc, char **argv);
int cmd_exec(int argc, char **argv);
int cmd_shell(int argc, char **argv);
int cmd_boot(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_stop(int argc, char **argv);
int cmd_probe(int argc, char **argv);
int cmd_build(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_survey(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_tool(int argc, char **argv);

/* "ring3 COMMAND: sentence" and where help is, on stderr; returns EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int usage_error(const char *command, const char *format, ...);

#endif
