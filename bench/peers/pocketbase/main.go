// Command pocketbase serves the survey's responses as one PocketBase
// collection, set up for as little work as PocketBase allows: anyone may
// create, nobody subscribes, no request log.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	data := flag.String("data", "", "folder of the database")
	synchronous := flag.String("synchronous", "NORMAL", "SQLite's synchronous: NORMAL, as PocketBase sets it, or FULL")
	flag.Parse()
	if err := serve(*data, *synchronous); err != nil {
		log.Fatal(err)
	}
}

func serve(data, synchronous string) error {
	app := pocketbase.NewWithConfig(pocketbase.Config{
		DefaultDataDir:  data,
		HideStartBanner: true,
		DBConnect:       func(file string) (*dbx.DB, error) { return connect(file, synchronous) },
	})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	app.Settings().Logs.MaxDays = 0 // no request log
	if err := app.Save(app.Settings()); err != nil {
		return err
	}
	if err := app.Save(responses()); err != nil {
		return err
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		e.Listener = l
		fmt.Fprintf(os.Stderr, "addr=%s\n", l.Addr())
		return e.Next()
	})
	return apis.Serve(app, apis.ServeConfig{})
}

// connect opens the database as core.DefaultDBConnect does, except for the
// durability that was asked for.
func connect(file, synchronous string) (*dbx.DB, error) {
	return dbx.Open("sqlite", file+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)&_pragma=synchronous("+
		synchronous+")&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}

// responses is the collection: what a stored response holds. The answers are
// one JSON field: 19 number fields cost PocketBase more.
func responses() *core.Collection {
	c := core.NewBaseCollection("responses")
	c.CreateRule = types.Pointer("")
	c.ListRule = types.Pointer("") // for the count after each run
	c.Fields.Add(
		&core.TextField{Name: "key", Required: true, Min: 8, Max: 64},
		&core.NumberField{Name: "overall", OnlyInt: true, Min: types.Pointer(1.0), Max: types.Pointer(5.0)},
		&core.JSONField{Name: "answers"},
		&core.JSONField{Name: "extra"},
		&core.JSONField{Name: "profile"},
		&core.TextField{Name: "comment", Max: 4000},
		&core.TextField{Name: "lang", Max: 8},
		&core.TextField{Name: "area", Max: 64},
		&core.AutodateField{Name: "receivedAt", OnCreate: true},
	)
	c.AddIndex("responses_key", true, "key", "")
	return c
}
