package api_test

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"

	"sipas/feedback"
	"sipas/internal/document"
	"sipas/internal/staff"
)

// somebody is who walks through the whole program: nobody, or an officer by
// session on pages and by token elsewhere.
type somebody struct {
	name           string
	session, token string // headers; "": nobody
}

// enters makes an account, signs it in, and makes a token for the same officer.
func (o *office) enters(a staff.Account) somebody {
	o.t.Helper()
	a.CreatedBy = "test"
	if err := o.staff.AddAccount(o.t.Context(), &a, password, o.now); err != nil {
		o.t.Fatal(err)
	}

	return somebody{string(a.Role) + " " + a.ID, o.signInAs(a.ID, password), o.officer(a.Officer())}
}

// ask sends a request as somebody and returns everything that comes back, head
// and body, what is packed in it unpacked.
func (o *office) ask(who somebody, method, path, body string, headers ...string) (status int, text string) {
	o.t.Helper()
	headers = append(headers, local)
	switch {
	case who.session == "":
	case strings.HasPrefix(path, "/api/") && who.token != "":
		headers = append(headers, who.token)
	default:
		headers = append(headers, who.session)
	}
	w := httptest.NewRecorder()
	o.server.ServeHTTP(w, request(method, path, body, headers...))
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(w.Header())) {
		if name != "X-Request-Id" {
			b.WriteString(name + ": " + strings.Join(w.Header()[name], ", ") + "\n")
		}
	}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		b.Write(w.Body.Bytes())
	} else {
		slices.SortFunc(z.File, func(a, c *zip.File) int { return strings.Compare(a.Name, c.Name) }) // workbooks are packed in any order
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				o.t.Fatal(err)
			}
			if _, err := io.Copy(&b, r); err != nil {
				o.t.Fatal(err)
			}
		}
	}
	return w.Code, b.String()
}

// walk asks for all the addresses as everybody, and returns what each got. The
// audit log comes first: every address that somebody is refused is recorded in it,
// and a page of it says "further" when enough has been read, so that what it says
// in the middle of a walk would hang on the order of the walk.
func (o *office) walk(paths []string, people []somebody) map[[2]string]string {
	seen := map[[2]string]string{}
	paths = slices.Clone(paths)
	slices.SortStableFunc(paths, func(a, b string) int { return strings.Count(b, "nhat-ky") - strings.Count(a, "nhat-ky") })
	for _, path := range paths {
		for _, who := range people {
			_, seen[[2]string{who.name, path}] = o.ask(who, "GET", path, "")
		}
	}
	return seen
}

// sameAsBefore walks once more and reports every page that is not what it was.
// Those that were not the same in two walks before have a fresh key in them.
func (o *office) sameAsBefore(paths []string, people []somebody, first, second map[[2]string]string) {
	o.t.Helper()
	compared := 0
	for a, text := range o.walk(paths, people) {
		if first[a] != second[a] {
			continue
		}
		compared++
		if text != second[a] {
			o.t.Errorf("%s, GET %s is not what it was", a[0], a[1])
		}
	}
	if compared < len(second)*3/4 {
		o.t.Errorf("only %d of %d pages could be compared", compared, len(second))
	}
}

// ofCases are the addresses at which something of cases could be seen.
func ofCases(path string) bool {
	route, _, _ := strings.Cut(path, "?")
	return listing.MatchString(route) || strings.Contains(route, "vu-viec") || strings.Contains(route, "/cases/")
}

// words that letters, steps and the like have in addresses.
var pathWords = map[string][]string{
	":letter": {
		string(document.LetterAcceptance) + ".docx", string(document.LetterRefusal) + ".docx", string(document.LetterExtension) + ".docx",
		string(document.LetterApology) + ".docx", string(document.LetterAnswer) + ".docx",
	},
	":step": stepWords(),
}

func stepWords() (list []string) {
	for _, s := range []feedback.Step{feedback.Classify, feedback.Accept, feedback.Refuse, feedback.Assign, feedback.Ask, feedback.Extend,
		feedback.Answer, feedback.Transfer, feedback.Close, feedback.Reopen, feedback.Withdraw, feedback.Publish, feedback.Unpublish} {
		list = append(list, string(s))
	}
	return list
}

// paths are the addresses of all registered routes of a method, with every
// combination of what can stand for a parameter. What lists or counts is asked
// with each of the queries too.
func (o *office) paths(method string, values map[string][]string, queries []string) (list []string) {
	o.t.Helper()
	for _, route := range o.server.Routes() {
		m, pattern, _ := strings.Cut(route, " ")
		if m != method || strings.Contains(pattern, "dang-xuat") {
			continue
		}
		expanded := []string{pattern}
		for parameter, ids := range values {
			var next []string
			for _, p := range expanded {
				if !hasParameter(p, parameter) {
					next = append(next, p)
					continue
				}
				for _, id := range ids {
					next = append(next, strings.ReplaceAll(p, parameter, id))
				}
			}
			expanded = next
		}
		for _, p := range expanded {
			if strings.Contains(p, "/:") {
				o.t.Errorf("%s: nothing is known for a parameter of %s", route, p)
			}
			list = append(list, p)
			if listing.MatchString(pattern) {
				for _, q := range queries {
					list = append(list, p+"?"+q)
				}
			}
		}
	}
	return list
}

// listing are the routes at which something of cases could be listed, counted or
// searched. What is about the survey, the catalogue and accounts alone is not.
var listing = regexp.MustCompile(`^(/|/lam-viec/|/ket-qua|.*/(vu-viec|cases|nhat-ky|thu-bao|thong-ke|bao-cao|exports|reports|cong-khai|statistics)[^:]*)$`)

func hasParameter(path, parameter string) bool {
	return slices.Contains(strings.Split(path, "/"), parameter)
}
