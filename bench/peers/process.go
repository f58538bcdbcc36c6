package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"time"
)

// startWithin is how long a server may take until it answers.
const startWithin = time.Minute

var serving = regexp.MustCompile(`addr=(\S+)`)

// startLogging starts a command that logs where it listens.
func startLogging(cmd *exec.Cmd) (addr string, err error) {
	log, err := cmd.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	lines := bufio.NewScanner(log)
	var last string
	for lines.Scan() {
		last = lines.Text()
		if m := serving.FindStringSubmatch(last); m != nil {
			go io.Copy(io.Discard, log)
			return m[1], nil
		}
	}
	stop(cmd)
	return "", fmt.Errorf("%s ended without listening: %s", cmd.Path, last)
}

// startPolled starts a command on a free port and waits until path answers.
func startPolled(cmd *exec.Cmd, path string) (addr string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	addr = l.Addr().String()
	l.Close()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", err
	}
	cmd.Env = append(cmd.Environ(), "PORT="+port)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", err
	}
	for end := time.Now().Add(startWithin); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if err = getJSON("http://"+addr+path, "", &struct{}{}); err == nil {
			return addr, nil
		}
	}
	stop(cmd)
	return "", fmt.Errorf("%s does not answer: %w", cmd.Path, err)
}

func stop(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
}

// asking is for what is not measured.
var asking = &http.Client{Timeout: 30 * time.Second}

// getJSON reads a JSON answer.
func getJSON(url, token string, to any) error {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	return askJSON(req, token, to)
}

func askJSON(req *http.Request, token string, to any) error {
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := asking.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s: %s", req.URL.Path, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(to)
}
