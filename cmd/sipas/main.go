// Command sipas serves the survey of a department's one-stop desk and works on
// its store from the command line. Run it with -h for the commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1 // what was asked for could not be done
	exitUsage  = 2 // a wrong command, flag, setting or file
)

// environment is what a command may touch of the world around it. Only this
// package reads variables.
type environment struct {
	get    func(string) string
	stdout io.Writer
	stderr io.Writer
}

// command is one word of the command line.
type command struct {
	name    string
	usage   string // arguments
	summary string
	run     func(ctx context.Context, env environment, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "", "serve pages and interface (also without any word)", serveCommand},
		{"demo", "", "serve a folder of its own with a year of sample data", demoCommand},
		{"user", "add --name ACCOUNT --person NAME --role R [--unit U] [--desk D] | list | disable ACCOUNT | passwd ACCOUNT",
			"accounts; add and passwd print a first password alone, once", userCommand},
		{"token", "create --role R --name N [--unit U] [--desk D] [--expires DATE]", "make an access token, good through that day; standard output is the token alone", tokenCommand},
		{"seed", "[FILE…]", "load reference data: what is shipped, or the files named", seedCommand},
		{"export", "responses|cases --from D --to D [--format csv|xlsx] [--out F]",
			"write every response or case of a period, to standard output or a file; works beside a running server", exportCommand},
		{"report", "--from D --to D --format docx|xlsx|pdf --out F | --check F",
			"write the report on a period, ready to sign; --check: recount the figures of one and say whether they still agree (exit 1 and the first that does not)", reportCommand},
		{"import", "dossiers FILE.csv|.xlsx", "take in a list of dossiers from the one-stop system; rows that do not fit are named, the same file again changes nothing", importCommand},
		{"backup", "FILE", "write everything that is stored, but no key, to a new encrypted file", backupCommand},
		{"restore", "[--check] FILE", "bring a backup into an empty store (server stopped); --check: only read the file through", restoreCommand},
		{"keys", "list | rotate | add | remove ID | forget ID",
			"keys of personal data: list what needs which; rotate to a new one, beside a running server; add one alone (several machines: copy the file to all, then rotate);\n      remove one that nothing needs; forget one that is lost for good", keysCommand},
		{"health", "", "ask the server on this machine whether it is ready (exit 0) or not (exit 1)", healthCommand},
		{"verify", "[--seal FILE] [--lines DIR]", "recompute every sealed day; exit 1 and the first broken one", verifyCommand},
		{"version", "", "print the version", versionCommand},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, environment{os.Getenv, os.Stdout, os.Stderr}, os.Args[1:]))
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, env environment, args []string) int {
	name := "serve"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	} else if len(args) > 0 && isHelp(args[0]) {
		printUsage(env.stdout)
		return exitDone
	}
	if name == "help" {
		printUsage(env.stdout)
		return exitDone
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		if len(args) > 0 && isHelp(args[len(args)-1]) {
			fmt.Fprintf(env.stdout, "sipas %s %s\n\n  %s\n", c.name, c.usage, c.summary)
			return exitDone
		}
		err := c.run(ctx, env, args)
		var wrong usageError
		switch {
		case err == nil:
			return exitDone
		case errors.As(err, &wrong):
			fmt.Fprintf(env.stderr, "sipas: %v\n", err)
			return exitUsage
		}
		fmt.Fprintf(env.stderr, "sipas: %v\n", err)
		return exitFailed
	}
	fmt.Fprintf(env.stderr, "sipas: no command %q; sipas -h lists them\n", name)
	return exitUsage
}

func isHelp(arg string) bool { return arg == "-h" || arg == "--help" || arg == "-help" }

func printUsage(w io.Writer) {
	fmt.Fprint(w, "Usage: sipas [COMMAND]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  sipas %-8s %s\n      %s\n", c.name, c.usage, c.summary)
	}
	fmt.Fprint(w, "\nSettings are environment variables: docs/operations.md lists them.\n")
}

// usageError is the sender's to mend: exit code 2.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// parseFlags reads flags, and nothing but flags, in one voice.
func parseFlags(f *flag.FlagSet, args []string) error {
	f.SetOutput(io.Discard)
	if err := f.Parse(args); err != nil {
		return usageError{err}
	}
	if f.NArg() > 0 {
		return usagef("%s: what is %q?", f.Name(), f.Arg(0))
	}
	return nil
}
