package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// write makes the page of docs.
func write(m measurements, each time.Duration) ([]byte, error) {
	versions, err := readVersions()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Intake beside general back ends\n\nMade by `make bench-peers` on %s with %s on %s/%s, %d cores shared by server, load and whatever else ran. %s\n\n",
		time.Now().Format("2006-01-02"), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), versions)
	fmt.Fprintf(&b, method+"\n\n", each.Seconds(), rounds)
	writeRates(&b, m)
	most := last(clientCounts)
	fmt.Fprintf(&b, "\n## sipas at %d clients, beside each\n\n", most)
	writeRatios(&b, m[most][0], m[most][1:])
	fmt.Fprint(&b, "\n", compared)
	return b.Bytes(), nil
}

func writeRates(b *bytes.Buffer, m measurements) {
	fmt.Fprint(b, "| clients | system | durability | answers/s | p50 | p99 | processor time an answer | other programs |\n|---:|---|---|---:|---:|---:|---:|---:|\n")
	for _, clients := range clientCounts {
		for _, r := range m[clients] {
			fmt.Fprintf(b, "| %d | %s | %s | %.0f | %s | %s | %s | %.0f %% |\n", clients, r.system.name, r.system.durability,
				r.perSecond(), ms(r.p50()), ms(r.p99()), ms(r.processor()), 100*r.others())
		}
	}
}

func writeRatios(b *bytes.Buffer, ours *result, peers []*result) {
	fmt.Fprint(b, "| peer | durability | answers/s: times the peer's | of each round | p99: part of the peer's | of each round |\n|---|---|---:|---:|---:|---:|\n")
	for _, peer := range peers {
		var faster, sooner []string
		for i, r := range peer.rounds {
			faster = append(faster, fmt.Sprintf("%.1f", ours.rounds[i].perSecond/r.perSecond))
			sooner = append(sooner, fmt.Sprintf("%.2f", float64(ours.rounds[i].p99)/float64(r.p99)))
		}
		fmt.Fprintf(b, "| %s | %s | %.1f | %s | %.2f | %s |\n", peer.system.name, peer.system.durability,
			ours.perSecond()/peer.perSecond(), strings.Join(faster, ", "), float64(ours.p99())/float64(peer.p99()), strings.Join(sooner, ", "))
	}
}

func last[T any](of []T) T { return of[len(of)-1] }

const method = `Clients keep one connection open and send the next answer when the last is acknowledged. Every system in turn for %g s, %d rounds; the middle of the rounds, column by column. After every run the responses stored were counted through the system's own API: as many as were acknowledged. Processor time is the server process's alone and depends little on what else runs; the last column is the share of the cores that other programs took meanwhile. Every run waits a while for a moment in which nothing else runs.`

const compared = `## What is compared

The same answer (overall rating, 19 criteria, extra question, profile, language), sent as JSON and acknowledged when stored, with the key unique.

- **sipas** as it is shipped, with its request log but without its limit per address. It also checks every answer against the questionnaire and the link, recognises repeated requests and counts the answer in its statistics before it acknowledges. Answers that arrive together share one commit.
- **PocketBase** as a library, in a small program: one collection, anyone may create, nobody subscribes, no request log, garbage collected as seldom as in sipas. The answers are one JSON field, which cost it less here than 19 number fields, and the key is a column with a unique index, which cost it less than the key as record id. It commits every answer by itself. Its own setting is synchronous=NORMAL: a power cut can take the last acknowledged answers; FULL makes the promise that sipas makes.
- **Strapi** in production mode, one process, without admin pages, request log, sessions, drafts and sign-in, on better-sqlite3, with one connection and a unique index on the key; WAL, which is not its own setting and faster, with synchronous=FULL, the promise that sipas makes.

The peers are general: they check types and lengths, keep their own columns and run hooks and rules for any collection, and are not told what the answers mean. Nothing else that they do is compared, nor more than one machine, nor another disk or database. The load runs on the same cores as the servers.
`

// readVersions names what was measured.
func readVersions() (string, error) {
	pocketbase, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/pocketbase/pocketbase").Output()
	if err != nil {
		return "", err
	}
	node, err := exec.Command("node", "--version").Output()
	if err != nil {
		return "", err
	}
	b, err := os.ReadFile("strapi/package.json")
	if err != nil {
		return "", err
	}
	var strapi struct{ Dependencies map[string]string }
	if err := json.Unmarshal(b, &strapi); err != nil {
		return "", err
	}
	return fmt.Sprintf("PocketBase %s; Strapi %s with better-sqlite3 %s on Node %s.", strings.TrimSpace(string(pocketbase)),
		strapi.Dependencies["@strapi/strapi"], strapi.Dependencies["better-sqlite3"], strings.TrimSpace(string(node))), nil
}
