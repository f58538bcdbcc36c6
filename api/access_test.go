package api_test

import (
	"strings"
	"testing"

	"sipas/internal/staff"
)

// access says for each route of staff who may use it; every other role gets 403
// and nobody 401.
var access = map[string][]staff.Role{
	"GET /api/v1/me":                 staff.Roles,
	"GET /api/v1/statistics":         {staff.Office, staff.Admin, staff.Leader},
	"POST /api/v1/links":             {staff.Desk, staff.Office, staff.Admin},
	"GET /api/v1/links":              {staff.Desk, staff.Office, staff.Admin},
	"GET /api/v1/links/:code":        {staff.Desk, staff.Office, staff.Admin},
	"PATCH /api/v1/links/:code":      {staff.Desk, staff.Office, staff.Admin},
	"GET /api/v1/links/:code/qr.svg": {staff.Desk, staff.Office, staff.Admin},
	"GET /api/v1/links/:code/qr.png": {staff.Desk, staff.Office, staff.Admin},
}

// public lists the routes that anybody may use.
var public = map[string]bool{
	"GET /": true, "GET /k": true, "GET /k/": true, "GET /k/:code": true, "POST /k/:code": true, "GET /k/:code/cam-on": true,
	"GET /kiosk/:code": true, "GET /kiosk/:code/manifest.webmanifest": true, "GET /kiosk/sw.js": true, "GET /kiosk/icon/:file": true,
	"GET /ket-qua": true, "GET /quyen-rieng-tu": true, "GET /healthz": true, "GET /readyz": true,
	"GET /api": true, "GET /api/v1/openapi.yaml": true,
	"GET /api/v1/surveys/:code": true, "POST /api/v1/surveys/:code/responses": true,
	"GET /api/v1/areas": true, "GET /api/v1/procedures": true, "GET /api/v1/units": true, "GET /api/v1/desks": true,
	"GET /api/v1/targets": true, "GET /api/v1/questionnaires": true, "GET /api/v1/public/statistics": true,
	"GET /api/v1/seals": true, "GET /api/v1/seals/:date": true,
}

func TestEveryRouteAsEveryRole(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter"`)
	tokens := map[staff.Role]string{}
	for _, r := range staff.Roles {
		tokens[r] = o.token(r)
	}
	for _, route := range o.server.Routes() {
		method, path, _ := strings.Cut(route, " ")
		path = strings.ReplaceAll(path, ":code", code)
		if public[route] {
			if a := o.send(method, path, ""); a.StatusCode == 401 || a.StatusCode == 403 {
				t.Errorf("%s: nobody gets %d", route, a.StatusCode)
			}
			continue
		}
		roles, known := access[route]
		if !known {
			t.Errorf("%s is in neither table", route)
			continue
		}
		for name, headers := range map[string][]string{"nobody": nil, "a wrong token": {bearer("sipas_x")}, "another scheme": {"Authorization: Basic " + tokens[staff.Admin]}} {
			if a := o.send(method, path, "{}", headers...); a.StatusCode != 401 || a.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s as %s: %d", route, name, a.StatusCode)
			}
		}
		for _, r := range staff.Roles {
			allowed := false
			for _, x := range roles {
				allowed = allowed || x == r
			}
			a := o.send(method, path, "{}", bearer(tokens[r]))
			if refused := a.StatusCode == 401 || a.StatusCode == 403; refused == allowed || !allowed && a.StatusCode != 403 {
				t.Errorf("%s as %s: %d", route, r, a.StatusCode)
			}
			if a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s as %s may be kept by a cache: %q", route, r, a.Header.Get("Cache-Control"))
			}
		}
	}
}

func TestMe(t *testing.T) {
	o := newOffice(t)
	var me struct{ Account, Role, Unit string }
	o.send("GET", "/api/v1/me", "", bearer(o.token(staff.Unit))).into(t, &me)
	if me.Account != "test-unit" || me.Role != "unit" || me.Unit != "van-phong-so" {
		t.Errorf("%+v", me)
	}
}

// TestHead asks as monitors and link previews do.
func TestHead(t *testing.T) {
	o := newOffice(t)
	for _, path := range []string{"/healthz", "/ket-qua", "/k/" + o.link(`"kind":"counter"`)} {
		if a := o.send("HEAD", path, ""); a.StatusCode != 200 {
			t.Errorf("HEAD %s: %d", path, a.StatusCode)
		}
	}
}

func TestUnknownAddresses(t *testing.T) {
	o := newOffice(t)
	o.problem(o.send("GET", "/api/v1/nothing", ""), 404)
	o.problem(o.send("DELETE", "/api/v1/areas", ""), 405)
	if a := o.send("GET", "/khong-co", ""); a.StatusCode != 404 || !strings.Contains(a.body, "Không có trang này") {
		t.Errorf("%d", a.StatusCode)
	}
	if a := o.send("PUT", "/ket-qua", ""); a.StatusCode != 405 || !strings.Contains(a.body, "<html") {
		t.Errorf("%d", a.StatusCode)
	}
}
