package composetest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v4"
)

const root = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// load reads docker-compose.yml as Compose itself does: interpolation, schema,
// and that networks, secrets and services which are named exist.
func load(t *testing.T, env ...string) (*types.Project, error) {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "docker-compose.yml")}, cli.WithEnv(env))
	if err != nil {
		t.Fatal(err)
	}
	return options.LoadProject(t.Context())
}

func project(t *testing.T) *types.Project {
	t.Helper()
	p, err := load(t, "SIPAS_BASE_URL=https://khaosat.example.vn")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSchema checks the file as it is written against the Compose
// specification's JSON schema, and that the schema is being asked at all.
func TestSchema(t *testing.T) {
	text := read(t, "docker-compose.yml")
	for name, tt := range map[string]struct {
		text  string
		valid bool
	}{
		"ours":               {text, true},
		"an unknown key":     {strings.Replace(text, "restart: unless-stopped", "restarts: unless-stopped", 1), false},
		"a value's type":     {strings.Replace(text, "internal: true", "internal: [yes, no]", 1), false},
		"an unknown section": {text + "\nservice: {}\n", false},
	} {
		if name != "ours" && tt.text == text {
			t.Fatalf("%s: nothing replaced", name)
		}
		var raw map[string]any
		if err := yaml.Unmarshal([]byte(tt.text), &raw); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(raw); (err == nil) != tt.valid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBaseURLHasToBeSet(t *testing.T) {
	if _, err := load(t); err == nil || !strings.Contains(err.Error(), "SIPAS_BASE_URL") {
		t.Errorf("without SIPAS_BASE_URL: %v", err)
	}
}

func TestEveryServiceIsKeptSmall(t *testing.T) {
	p := project(t)
	for name, s := range p.Services {
		once := name == "mongo-init" // runs at each start and ends
		if s.Image == "" || !strings.Contains(s.Image, ":") || strings.HasSuffix(s.Image, ":latest") {
			t.Errorf("%s: image %q has no fixed version", name, s.Image)
		}
		if strings.Contains(strings.Split(s.Image, ":")[0], "/") {
			t.Errorf("%s: image %q names a registry or account", name, s.Image)
		}
		if (s.HealthCheck == nil || s.HealthCheck.Disable || len(s.HealthCheck.Test) < 2) != once {
			t.Errorf("%s: health check %+v", name, s.HealthCheck)
		}
		if want := map[bool]string{true: "no", false: "unless-stopped"}[once]; s.Restart != want {
			t.Errorf("%s: restart %q", name, s.Restart)
		}
		if !s.ReadOnly {
			t.Errorf("%s: the root file system can be written", name)
		}
		if !regexp.MustCompile(`^[1-9][0-9]*:[1-9][0-9]*$`).MatchString(s.User) {
			t.Errorf("%s: user %q is not a number other than root's", name, s.User)
		}
		if !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0 || s.Privileged || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s: capabilities", name)
		}
		if s.Deploy == nil || s.Deploy.Resources.Limits == nil || s.Deploy.Resources.Limits.MemoryBytes == 0 || s.Deploy.Resources.Limits.NanoCPUs == 0 || s.Deploy.Resources.Limits.Pids == 0 {
			t.Errorf("%s: no limits", name)
		}
		if s.Logging == nil || s.Logging.Options["max-size"] == "" || s.Logging.Options["max-file"] == "" {
			t.Errorf("%s: the log grows for ever", name)
		}
		if (len(s.Ports) > 0) != (name == "proxy") {
			t.Errorf("%s: ports %v", name, s.Ports)
		}
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeVolume || p.Volumes[v.Source].Name == "" {
				t.Errorf("%s: %v is not a named volume", name, v)
			}
		}
	}
	// MongoDB is on a network without a way out and with the program alone.
	if !p.Networks["store"].Internal {
		t.Error("the network of MongoDB is not internal")
	}
	for name, s := range p.Services {
		_, front := s.Networks["front"]
		_, store := s.Networks["store"]
		if strings.HasPrefix(name, "mongo") && front || name == "proxy" && store {
			t.Errorf("%s: networks %v", name, s.NetworksByPriority())
		}
	}
}

func TestShape(t *testing.T) {
	p := project(t)
	var members, instances []string
	for name, s := range p.Services {
		switch {
		case slices.Contains(s.Command, "--replSet"):
			members = append(members, name)
			if i := slices.Index(s.Command, "--bind_ip"); i < 0 || s.Command[i+1] != "127.0.0.1,"+name || s.Hostname != name {
				t.Errorf("%s: listens on %v", name, s.Command)
			}
			if !slices.Contains(s.Command, "--keyFile") {
				t.Errorf("%s: nobody has to sign in", name)
			}
		case s.Build != nil:
			instances = append(instances, name)
		}
	}
	if len(members) != 3 || len(instances) != 2 {
		t.Fatalf("members %v, instances %v", members, instances)
	}
	script, uri := read(t, "deploy/replica-set.js"), read(t, "deploy/make-secrets.sh")
	for _, m := range members {
		if !strings.Contains(script, `"`+m+`:27017"`) || !strings.Contains(uri, m+":27017") {
			t.Errorf("%s is not named everywhere", m)
		}
	}
	// The proxy knows each instance by its fixed address; the instances believe
	// the proxy and nobody else.
	conf := read(t, "deploy/nginx.conf")
	proxy := p.Services["proxy"]
	for _, name := range instances {
		s := p.Services[name]
		if !slices.Equal(proxy.ExtraHosts[name], []string{s.Networks["front"].Ipv4Address}) || !strings.Contains(conf, "server "+name+":8080 ") {
			t.Errorf("the proxy does not know %s", name)
		}
		if got := *s.Environment["SIPAS_TRUSTED_PROXIES"]; got != proxy.Networks["front"].Ipv4Address+"/32" {
			t.Errorf("%s believes %s", name, got)
		}
		if s.StopGracePeriod == nil || s.StopGracePeriod.String() != "1m0s" {
			t.Errorf("%s: stopped after %v", name, s.StopGracePeriod)
		}
	}
}

// TestSecretsAreFiles looks for what must not be in the file: a value of a
// secret, inline or as a default.
func TestSecretsAreFiles(t *testing.T) {
	p := project(t)
	script := read(t, "deploy/make-secrets.sh")
	for name, s := range p.Secrets {
		if s.File == "" || s.Content != "" || s.Environment != "" || !strings.Contains(s.File, "deploy/secrets/"+name) {
			t.Errorf("secret %s: %+v", name, s)
		}
		if !strings.Contains(script, "put "+name+" ") {
			t.Errorf("make-secrets.sh does not make %s", name)
		}
	}
	suspicious := regexp.MustCompile(`(?i)password|secret|token|_uri|smtp_url|keyfile`)
	for name, s := range p.Services {
		for variable, value := range s.Environment {
			if value == nil {
				t.Errorf("%s: %s comes from whoever starts it", name, variable)
			} else if suspicious.MatchString(variable) && (!strings.HasSuffix(variable, "_FILE") || !strings.HasPrefix(*value, "/run/secrets/")) {
				t.Errorf("%s: %s=%s is not a file", name, variable, *value)
			} else if strings.Contains(*value, "mongodb://") {
				t.Errorf("%s: %s has an address with a password", name, variable)
			}
			if file, ok := strings.CutPrefix(*value, "/run/secrets/"); ok && !slices.ContainsFunc(s.Secrets, func(c types.ServiceSecretConfig) bool {
				return c.Source == file && (c.Target == "" || c.Target == *value)
			}) {
				t.Errorf("%s: %s names a secret that it is not given", name, variable)
			}
		}
	}
	if m := regexp.MustCompile(`(?i)\$\{[A-Z_]*(PASSWORD|SECRET|TOKEN|URI)[A-Z_]*[:?}-].*`).FindString(read(t, "docker-compose.yml")); m != "" {
		t.Errorf("a secret by interpolation: %s", m)
	}
	for _, rule := range []string{"/deploy/secrets/", "/.env"} {
		if !slices.Contains(strings.Split(read(t, ".gitignore"), "\n"), rule) {
			t.Errorf(".gitignore lacks %s", rule)
		}
	}
	if ignored := strings.Split(read(t, ".dockerignore"), "\n"); !slices.Contains(ignored, "deploy") || !slices.Contains(ignored, ".env") || !slices.Contains(ignored, ".git") {
		t.Error("secrets could get into the image")
	}
}

// TestVariables: every variable of the instances is one that the program knows.
func TestVariables(t *testing.T) {
	known := map[string]bool{"GOMEMLIMIT": true} // Go's own
	for _, m := range regexp.MustCompile("(?m)^\\| `([A-Z_`, ]+)` \\|").FindAllStringSubmatch(read(t, "docs/operations.md"), -1) {
		for name := range strings.SplitSeq(m[1], "`, `") {
			known[name] = true
		}
	}
	if len(known) < 15 {
		t.Fatalf("read only %d variables from docs/operations.md", len(known))
	}
	for name, s := range project(t).Services {
		if s.Build == nil {
			continue
		}
		for variable := range s.Environment {
			if !known[variable] {
				t.Errorf("%s: %s is not in docs/operations.md", name, variable)
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^Environment=([A-Z_]+)=`).FindAllStringSubmatch(read(t, "deploy/sipas.service"), -1) {
		if !known[m[1]] {
			t.Errorf("sipas.service: %s is not in docs/operations.md", m[1])
		}
	}
	source := read(t, "cmd/sipas/config.go") + read(t, "cmd/sipas/keys.go")
	for _, m := range regexp.MustCompile(`"((?:SIPAS|MONGODB)_[A-Z_]+)"`).FindAllStringSubmatch(source, -1) {
		if !known[m[1]] {
			t.Errorf("%s is read, and not in docs/operations.md", m[1])
		}
	}
	list := regexp.MustCompile(`var secrets = \[\]string\{(.*)\}`).FindStringSubmatch(source)
	for _, m := range regexp.MustCompile(`"([A-Z_]+)"`).FindAllStringSubmatch(list[1], -1) {
		if !known[m[1]+"_FILE"] {
			t.Errorf("%s_FILE is read, and not in docs/operations.md", m[1])
		}
	}
}

func TestDockerfile(t *testing.T) {
	text := read(t, "Dockerfile")
	for _, want := range []string{
		"CGO_ENABLED=0", "-trimpath", "\nFROM scratch\n", "\nUSER 65532:65532\n", `CMD ["/sipas", "health"]`, `ENTRYPOINT ["/sipas"]`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	goMod := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))[1]
	if !regexp.MustCompile(`(?m)^FROM golang:` + regexp.QuoteMeta(goMod) + `\.\d+ AS build$`).MatchString(text) {
		t.Errorf("the image of the build is not a fixed Go %s", goMod)
	}
	if regexp.MustCompile(`:latest|(?m)^FROM [^ ]+\.[a-z]+/`).MatchString(text) {
		t.Error("latest, or a registry's name")
	}
	if final := text[strings.Index(text, "FROM scratch"):]; strings.Contains(final, "\nRUN ") || strings.Contains(final, "\nADD ") {
		t.Error("something runs in an image without a shell")
	}
}
