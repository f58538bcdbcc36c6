package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// statisticsTable starts the program on a year of responses: how soon it shows
// its first page, what memory it takes, how long a question takes through HTTP,
// and a backup.
func statisticsTable(out *bytes.Buffer, binary, dir string, responses int) error {
	folder := filepath.Join(dir, "year")
	perSecond, sealing, err := makeYear(folder, responses)
	if err != nil {
		return fmt.Errorf("make a year: %w", err)
	}
	fmt.Fprintf(out, "## A year of %d responses\n\nOver 365 days, each sealed (stored at %.0f a second in batches of 1,000; a day sealed in %s).\n\n", responses, perSecond, ms(sealing))
	env := []string{"SIPAS_DATA=" + folder, "SIPAS_ADDR=127.0.0.1:0", "SIPAS_NOW=" + yearEnd.Format(time.RFC3339), "SIPAS_ADMIN_PASSWORD=" + password}
	started := time.Now()
	p, err := startProcess(env, binary)
	if err != nil {
		return err
	}
	defer p.stop()
	if _, err := load(p.addr, 1, time.Millisecond, 200, func(int, int) []byte { return get(p.addr, "/ket-qua", "") }); err != nil {
		return fmt.Errorf("first page: %w", err)
	}
	ready := time.Since(started)
	resident, err := memory(p.cmd.Process.Pid)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "- from the start of the process to its first page: %.2f s\n- resident memory then: %.0f MB\n\n", ready.Seconds(), resident)
	create := exec.Command(binary, "token", "create", "--role", "office", "--name", "bench")
	create.Env = p.env
	token, err := create.Output()
	if err != nil {
		return err
	}
	fmt.Fprint(out, "`GET /api/v1/statistics`, the whole answer over HTTP, 21 times each:\n\n| question | median | worst | bytes |\n|---|---:|---:|---:|\n")
	for _, q := range []string{
		"by=area", "by=area&channel=phone&from=2026-01-01&to=2026-06-30", "by=month", "by=criterion", "by=factor", "by=procedure", "by=sex",
		"by=area&by=month", "by=procedure&by=desk", "by=area&by=criterion", "by=area&by=factor", "by=sex&by=age", "by=month&by=criterion",
	} {
		if err := row(out, p.addr, q, get(p.addr, "/api/v1/statistics?"+q, strings.TrimSpace(string(token)))); err != nil {
			return err
		}
	}
	if err := figurePages(out, p.addr); err != nil {
		return fmt.Errorf("pages of figures: %w", err)
	}
	resident, err = memory(p.cmd.Process.Pid)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nResident memory after the questions: %.0f MB.\n\n", resident)
	return backupLine(out, binary, dir, p)
}

// password is that of the account with which pages are asked for.
const password = "con meo treo cay cau"

// figurePages measures the console's pages of figures, each asked for by somebody
// who is signed in.
func figurePages(out *bytes.Buffer, addr string) error {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm("http://"+addr+"/dang-nhap", url.Values{"account": {"admin"}, "password": {password}})
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther || len(answer.Cookies()) == 0 {
		return fmt.Errorf("sign in: %s", answer.Status)
	}
	session := "Cookie: " + answer.Cookies()[0].Name + "=" + answer.Cookies()[0].Value
	fmt.Fprint(out, "\nPages of the console over the same year, 21 times each:\n\n| page | median | worst | bytes |\n|---|---:|---:|---:|\n")
	for _, page := range []string{
		"/lam-viec/thong-ke?period=2026", "/lam-viec/thong-ke?period=2026&with=year&area=dat-dai&by=procedure",
		"/lam-viec/thong-ke/hai-chieu?period=2026&by=area&across=channel", "/lam-viec/thong-ke/hai-chieu?period=2026&by=procedure&across=factor",
		"/lam-viec/thong-ke/keo-xuong?period=2026",
	} {
		if err := row(out, addr, page, fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n", page, addr, session)); err != nil {
			return err
		}
	}
	return nil
}

// row asks 21 times and writes a line of a table.
func row(out *bytes.Buffer, addr, name string, request []byte) error {
	took, size, err := ask(addr, request, 21)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	slices.Sort(took)
	fmt.Fprintf(out, "| `%s` | %s | %s | %d |\n", name, ms(took[10]), ms(took[20]), size)
	return nil
}

// backupLine measures a backup beside the running server.
func backupLine(out *bytes.Buffer, binary, dir string, p *process) error {
	file := filepath.Join(dir, "year.backup")
	cmd := exec.Command(binary, "backup", file)
	cmd.Env = p.env
	started := time.Now()
	if b, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("backup: %w\n%s", err, b)
	}
	took := time.Since(started)
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "`sipas backup` beside the running server: %.1f s, %.0f MB.\n", took.Seconds(), float64(info.Size())/1e6)
	return nil
}

func get(host, path, token string) []byte {
	header := ""
	if token != "" {
		header = "Authorization: Bearer " + token + "\r\n"
	}
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, host, header)
}

// ask sends the same question n times over one connection, after one that is
// not counted.
func ask(addr string, request []byte, n int) (took []time.Duration, size int, err error) {
	c, err := dial(addr)
	if err != nil {
		return nil, 0, err
	}
	defer c.conn.Close()
	for i := range n + 1 {
		started := time.Now()
		status, length, err := c.do(request)
		if err != nil {
			return nil, 0, err
		}
		if status != 200 {
			return nil, 0, fmt.Errorf("status %d", status)
		}
		if size = length; i > 0 {
			took = append(took, time.Since(started))
		}
	}
	return took, size, nil
}

// memory returns a process's resident memory in MB, mostMemory the most it ever had.
func memory(pid int) (float64, error)     { return memoryLine(pid, "VmRSS") }
func mostMemory(pid int) (float64, error) { return memoryLine(pid, "VmHWM") }

func memoryLine(pid int, name string) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(b)
	if m == nil {
		return 0, fmt.Errorf("no %s of process %d", name, pid)
	}
	kb, err := strconv.Atoi(string(m[1]))
	return float64(kb) / 1000, err
}
