// Command peers measures the intake of answers beside general back ends that
// would store the same answers: PocketBase (Go) and Strapi (Node). All are
// measured in turn in the same run, each server in a process of its own, over
// loopback; it writes the tables of docs/benchmarks-peers.md.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// rounds is how often every rate is measured; the tables show medians.
const rounds = 3

// clientCounts are the loads, each client with one request at a time.
var clientCounts = []int{1, 8, 32}

func main() {
	root := flag.String("root", "../..", "the project")
	out := flag.String("out", "docs/benchmarks-peers.md", "the file to write, seen from the project")
	seconds := flag.Float64("seconds", 3, "how long each rate is measured")
	wait := flag.Duration("wait", 10*time.Second, "how long to wait for a quiet moment before each run")
	flag.Parse()
	if err := run(*root, filepath.Join(*root, *out), time.Duration(*seconds*float64(time.Second)), *wait); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(root, out string, each, wait time.Duration) error {
	dir, err := os.MkdirTemp("", "sipas-peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	systems, err := start(root, dir)
	defer func() {
		for _, s := range systems {
			stop(s.cmd)
		}
	}()
	if err != nil {
		return err
	}
	m, err := measure(systems, each, wait)
	if err != nil {
		return err
	}
	report, err := write(m, each)
	if err != nil {
		return err
	}
	os.Stdout.Write(report)
	return os.WriteFile(out, report, 0o644)
}

// start builds what is built and starts everything on empty folders.
func start(root, dir string) (systems []*system, err error) {
	sipas, pocketbase := filepath.Join(dir, "sipas"), filepath.Join(dir, "pocketbase")
	if err := build(root, sipas, "./cmd/sipas"); err != nil {
		return nil, err
	}
	if err := build(".", pocketbase, "./pocketbase"); err != nil {
		return nil, err
	}
	for _, begin := range []func() (*system, error){
		func() (*system, error) { return startSipas(sipas, filepath.Join(dir, "data")) },
		func() (*system, error) { return startPocketBase(pocketbase, filepath.Join(dir, "normal"), "NORMAL") },
		func() (*system, error) { return startPocketBase(pocketbase, filepath.Join(dir, "full"), "FULL") },
		func() (*system, error) { return startStrapi("strapi", filepath.Join(dir, "strapi")) },
	} {
		s, err := begin()
		if err != nil {
			return systems, err
		}
		systems = append(systems, s)
	}
	return systems, nil
}

func build(dir, to, what string) error {
	cmd := exec.Command("go", "build", "-o", to, what)
	cmd.Dir = dir
	if b, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", what, err, b)
	}
	return nil
}
