package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
)

// process is a server in a process of its own.
type process struct {
	cmd  *exec.Cmd
	addr string
	env  []string
	bin  string
}

var serving = regexp.MustCompile(`addr=(\S+)`)

// startProcess starts a command that logs where it listens.
func startProcess(env []string, name string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(name, args...), env: append(os.Environ(), env...), bin: name}
	p.cmd.Env = p.env
	log, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if m := serving.FindStringSubmatch(lines.Text()); m != nil {
			p.addr = m[1]
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return p, nil
		}
	}
	return nil, fmt.Errorf("%s never said where it listens", name)
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// startSipas starts the program on a folder and makes a counter link.
func startSipas(binary, data string) (p *process, code string, err error) {
	p, err = startProcess([]string{"SIPAS_DATA=" + data, "SIPAS_ADDR=127.0.0.1:0", "SIPAS_ADDRESS_LIMIT=0"}, binary)
	if err != nil {
		return nil, "", err
	}
	create := exec.Command(binary, "token", "create", "--role", "office", "--name", "bench")
	create.Env = p.env
	token, err := create.Output()
	if err != nil {
		p.stop()
		return nil, "", fmt.Errorf("make token: %w", err)
	}
	req, err := http.NewRequest("POST", "http://"+p.addr+"/api/v1/links", bytes.NewBufferString(`{"kind":"counter","area":"dat-dai"}`))
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.stop()
		return nil, "", err
	}
	defer resp.Body.Close()
	var link struct{ Code string }
	if err := json.NewDecoder(resp.Body).Decode(&link); err != nil || link.Code == "" {
		p.stop()
		return nil, "", fmt.Errorf("make link: %d %w", resp.StatusCode, err)
	}
	return p, link.Code, nil
}
