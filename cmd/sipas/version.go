package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
)

// version is set by a build outside a repository (-ldflags -X); else what the
// build recorded by itself is said.
var version string

func versionCommand(_ context.Context, env environment, _ []string) error {
	name, commit := cmp.Or(version, "(devel)"), ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if version == "" && info.Main.Version != "" {
			name = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = " " + s.Value
			}
		}
	}
	fmt.Fprintf(env.stdout, "sipas %s%s\n", name, commit)
	return nil
}
