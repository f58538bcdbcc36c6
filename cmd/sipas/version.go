package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"strings"
)

// version is set by a build outside a repository (-ldflags -X); else what the
// build recorded by itself is said.
var version string

func versionCommand(_ context.Context, env environment, _ []string) error {
	name, commit := built()
	fmt.Fprintln(env.stdout, strings.TrimSpace("sipas "+name+" "+commit))
	return nil
}

// built says which version the program is, and of which commit; "": not known.
func built() (name, commit string) {
	name = cmp.Or(version, "(devel)")
	if info, ok := debug.ReadBuildInfo(); ok {
		if version == "" && info.Main.Version != "" {
			name = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	return name, commit
}
