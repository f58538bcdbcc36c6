package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// system is a running server that takes answers to the survey.
type system struct {
	name       string
	durability string
	addr       string
	path       string // of the request that stores an answer
	body       string // holds keyTemplate
	stored     func() (int, error)
	cmd        *exec.Cmd
}

const (
	keyTemplate = "bench-RR-CCCC-IIIIIIII"
	// answer is what a citizen sends; the peers get the area beside it, which
	// the link names for sipas.
	answer = `"key":"` + keyTemplate + `","overall":4,"answers":{"15":5,"16":4,"17":4,"18":3,"19":5,"20":4,"21":4,"22":2,"23":5,"24":4,"25":4,"26":5,"27":4,"28":3,"29":4,"30":5,"31":0,"32":0,"33":0},"extra":{"visits":"2"},"profile":{"sex":"female","age":"35-49"},"lang":"vi"`
	area   = `,"area":"dat-dai"`
)

// startSipas starts the program on a folder and makes a counter link.
func startSipas(binary, data string) (*system, error) {
	env := append(os.Environ(), "SIPAS_DATA="+data, "SIPAS_ADDR=127.0.0.1:0", "SIPAS_ADDRESS_LIMIT=0")
	s := &system{name: "sipas", durability: "SQLite, WAL, synchronous=FULL", body: "{" + answer + "}", cmd: exec.Command(binary)}
	s.cmd.Env = env
	addr, err := startLogging(s.cmd)
	if err != nil {
		return nil, err
	}
	s.addr = addr
	create := exec.Command(binary, "token", "create", "--role", "office", "--name", "bench")
	create.Env = env
	out, err := create.Output()
	if err != nil {
		stop(s.cmd)
		return nil, fmt.Errorf("make token: %w", err)
	}
	token := strings.TrimSpace(string(out))
	req, err := http.NewRequest(http.MethodPost, "http://"+addr+"/api/v1/links", bytes.NewBufferString(`{"kind":"counter","area":"dat-dai"}`))
	if err != nil {
		return nil, err
	}
	var link struct{ Code string }
	if err := askJSON(req, token, &link); err != nil {
		stop(s.cmd)
		return nil, fmt.Errorf("make link: %w", err)
	}
	s.path = "/api/v1/surveys/" + link.Code + "/responses"
	s.stored = func() (int, error) {
		var figures struct{ Overall struct{ Responses int } }
		err := getJSON("http://"+addr+"/api/v1/statistics", token, &figures)
		return figures.Overall.Responses, err
	}
	return s, nil
}

// startPocketBase starts the server of the folder pocketbase.
func startPocketBase(binary, data, synchronous string) (*system, error) {
	s := &system{
		name:       "PocketBase",
		durability: "SQLite, WAL, synchronous=" + synchronous,
		path:       "/api/collections/responses/records",
		body:       "{" + answer + area + "}",
		cmd:        exec.Command(binary, "-data", data, "-synchronous", synchronous),
	}
	s.cmd.Env = append(os.Environ(), "GOGC=200") // as sipas sets it for itself
	addr, err := startLogging(s.cmd)
	if err != nil {
		return nil, err
	}
	s.addr = addr
	s.stored = func() (int, error) {
		var page struct{ TotalItems int }
		err := getJSON("http://"+addr+s.path+"?perPage=1&fields=id", "", &page)
		return page.TotalItems, err
	}
	return s, nil
}

// startStrapi starts the Node application of the folder strapi.
func startStrapi(dir, data string) (*system, error) {
	if err := os.MkdirAll(filepath.Join(data, "uploads"), 0o755); err != nil {
		return nil, err
	}
	s := &system{
		name:       "Strapi",
		durability: "SQLite, WAL, synchronous=FULL",
		path:       "/api/responses",
		body:       `{"data":{` + answer + area + `}}`,
		cmd:        exec.Command("node", "node_modules/@strapi/strapi/bin/strapi.js", "start"),
	}
	s.cmd.Dir = dir
	s.cmd.Env = append(os.Environ(), "NODE_ENV=production", "STRAPI_TELEMETRY_DISABLED=true", "STRAPI_DISABLE_UPDATE_NOTIFICATION=true",
		"STRAPI_PUBLIC="+data, "STRAPI_FILE="+filepath.Join(data, "data.db"))
	addr, err := startPolled(s.cmd, s.path)
	if err != nil {
		return nil, err
	}
	s.addr = addr
	s.stored = func() (int, error) {
		var page struct {
			Meta struct{ Pagination struct{ Total int } }
		}
		err := getJSON("http://"+addr+s.path+"?pagination[pageSize]=1&fields[0]=key", "", &page)
		return page.Meta.Pagination.Total, err
	}
	return s, nil
}
