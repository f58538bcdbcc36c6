// Command ferretdb is the MongoDB that the tests of package store talk to: the
// stock FerretDB, on a loopback port, with its SQLite files in the folder given
// as argument. It prints its URI and runs until its standard input ends, so
// that it never outlives the test that started it. It is a module of its own to
// stay out of the program's module graph.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: ferretdb folder")
	}
	db, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Handler:   "sqlite",
		SQLiteURL: "file:" + os.Args[1] + "/",
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	go func() { fmt.Println(db.MongoDBURI()) }() // waits for Run to listen
	if err := db.Run(ctx); err != nil {
		log.Fatal(err)
	}
}
