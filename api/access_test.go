package api_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
)

// access says for each route of staff who may use it. Every other role is
// refused, and nobody is asked to sign in.
var access = map[string][]staff.Role{
	"GET /api/v1/me":                     staff.Roles,
	"GET /api/v1/statistics":             {staff.Office, staff.Admin, staff.Leader},
	"POST /api/v1/links":                 {staff.Desk, staff.Office, staff.Admin},
	"GET /api/v1/links":                  {staff.Desk, staff.Office, staff.Admin},
	"GET /api/v1/links/:code":            {staff.Desk, staff.Office, staff.Admin},
	"PATCH /api/v1/links/:code":          {staff.Desk, staff.Office, staff.Admin},
	"GET /api/v1/links/:code/qr.svg":     {staff.Desk, staff.Office, staff.Admin},
	"GET /api/v1/links/:code/qr.png":     {staff.Desk, staff.Office, staff.Admin},
	"GET /api/v1/links/:code/poster.pdf": {staff.Desk, staff.Office, staff.Admin},

	"GET /api/v1/cases":                           {staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader},
	"POST /api/v1/cases/search":                   {staff.Desk, staff.Inspection},
	"POST /lam-viec/vu-viec/:code/ban-sao":        {staff.Desk, staff.Inspection},
	"GET /lam-viec/vu-viec/:code/xoa":             {staff.Office, staff.Inspection},
	"POST /lam-viec/vu-viec/:code/xoa":            {staff.Office, staff.Inspection},
	"GET /lam-viec/vu-viec/luu-tru":               {staff.Office, staff.Inspection},
	"POST /lam-viec/vu-viec/luu-tru":              {staff.Office, staff.Inspection},
	"GET /lam-viec/vu-viec/so-dien-thoai":         {staff.Desk, staff.Inspection},
	"POST /lam-viec/vu-viec/so-dien-thoai":        {staff.Desk, staff.Inspection},
	"GET /api/v1/cases/statistics":                {staff.Inspection, staff.Office, staff.Leader},
	"GET /api/v1/cases/:code":                     {staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader},
	"GET /api/v1/cases/:code/contact":             {staff.Desk, staff.Inspection},
	"GET /api/v1/cases/:code/files/:id":           {staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader},
	"POST /api/v1/cases/:code/steps":              {staff.Desk, staff.Unit, staff.Inspection, staff.Office},
	"GET /lam-viec/vu-viec":                       {staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader},
	"GET /lam-viec/vu-viec/:code":                 {staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader},
	"POST /lam-viec/vu-viec/:code/lien-he":        {staff.Desk, staff.Inspection},
	"GET /lam-viec/vu-viec/:code/van-ban/:letter": {staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader},
	"GET /lam-viec/vu-viec/:code/buoc/:step":      {staff.Desk, staff.Unit, staff.Inspection, staff.Office},
	"POST /lam-viec/vu-viec/:code/buoc/:step":     {staff.Desk, staff.Unit, staff.Inspection, staff.Office},
	"GET /lam-viec/vu-viec/so-lieu":               {staff.Inspection, staff.Office, staff.Leader},

	"GET /lam-viec/thong-ke":           {staff.Office, staff.Admin, staff.Leader},
	"GET /lam-viec/thong-ke/keo-xuong": {staff.Office, staff.Admin, staff.Leader},
	"GET /lam-viec/thong-ke/hai-chieu": {staff.Office, staff.Admin, staff.Leader},

	"GET /lam-viec/vu-viec/giao":               {staff.Desk, staff.Inspection, staff.Office},
	"POST /lam-viec/vu-viec/giao":              {staff.Desk, staff.Inspection, staff.Office},
	"GET /lam-viec/vu-viec/mau":                {staff.Inspection, staff.Office},
	"GET /lam-viec/vu-viec/mau/moi":            {staff.Inspection, staff.Office},
	"POST /lam-viec/vu-viec/mau/moi":           {staff.Inspection, staff.Office},
	"GET /lam-viec/vu-viec/mau/:template":      {staff.Inspection, staff.Office},
	"POST /lam-viec/vu-viec/mau/:template":     {staff.Inspection, staff.Office},
	"POST /lam-viec/vu-viec/mau/:template/xoa": {staff.Inspection, staff.Office},

	"GET /api/v1/exports/responses.csv":     {staff.Office, staff.Admin},
	"GET /api/v1/exports/responses.xlsx":    {staff.Office, staff.Admin},
	"GET /api/v1/exports/cases.csv":         {staff.Office},
	"GET /api/v1/exports/cases.xlsx":        {staff.Office},
	"GET /api/v1/reports/satisfaction.docx": {staff.Office, staff.Admin, staff.Leader},
	"GET /api/v1/reports/satisfaction.xlsx": {staff.Office, staff.Admin, staff.Leader},
	"GET /api/v1/reports/satisfaction.pdf":  {staff.Office, staff.Admin, staff.Leader},
	"GET /api/v1/exports/codebook.csv":      {staff.Office, staff.Admin},

	"GET /lam-viec/bao-cao":      {staff.Office, staff.Admin, staff.Leader},
	"GET /lam-viec/cong-bo":      {staff.Office},
	"GET /lam-viec/cong-bo/moi":  {staff.Office},
	"POST /lam-viec/cong-bo/moi": {staff.Office},

	"POST /api/v1/dossiers":              {staff.Desk, staff.Admin},
	"POST /api/v1/dossiers/:code/survey": {staff.Desk, staff.Admin},
	"GET /api/v1/dossiers/statistics":    {staff.Office, staff.Admin, staff.Leader},

	"GET /lam-viec/cai-tien":                          {staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader},
	"GET /lam-viec/cai-tien/yeu-to":                   {staff.Office, staff.Leader},
	"GET /lam-viec/cai-tien/ke-hoach":                 {staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader},
	"GET /lam-viec/cai-tien/moi":                      {staff.Office},
	"POST /lam-viec/cai-tien/moi":                     {staff.Office},
	"GET /lam-viec/cai-tien/:task":                    {staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader},
	"POST /lam-viec/cai-tien/:task/minh-chung":        {staff.Desk, staff.Unit, staff.Inspection, staff.Office},
	"POST /lam-viec/cai-tien/:task/ket-thuc":          {staff.Office},
	"POST /lam-viec/cai-tien/:task/mo-lai":            {staff.Office},
	"GET /lam-viec/cai-tien/:task/sua":                {staff.Office},
	"POST /lam-viec/cai-tien/:task/sua":               {staff.Office},
	"GET /lam-viec/thong-ke/y-kien":                   {staff.Office, staff.Leader},
	"GET /lam-viec/thong-ke/y-kien/nhan":              {staff.Office},
	"POST /lam-viec/thong-ke/y-kien/nhan":             {staff.Office},
	"GET /lam-viec/thong-ke/y-kien/nhan/:tag":         {staff.Office},
	"POST /lam-viec/thong-ke/y-kien/nhan/:tag":        {staff.Office},
	"GET /lam-viec/thong-ke/y-kien/:comment":          {staff.Office, staff.Leader},
	"POST /lam-viec/thong-ke/y-kien/:comment/nhan":    {staff.Office},
	"POST /lam-viec/thong-ke/y-kien/:comment/che":     {staff.Office},
	"POST /lam-viec/thong-ke/y-kien/:comment/vu-viec": {staff.Office},

	"GET /dang-xuat":                           staff.Roles,
	"GET /lam-viec/":                           staff.Roles,
	"GET /lam-viec/toi":                        staff.Roles,
	"POST /lam-viec/toi":                       staff.Roles,
	"POST /lam-viec/toi/dang-xuat-moi-noi":     staff.Roles,
	"GET /lam-viec/ma-qr":                      {staff.Desk, staff.Office, staff.Admin},
	"GET /lam-viec/ma-qr/moi":                  {staff.Desk, staff.Office, staff.Admin},
	"POST /lam-viec/ma-qr/moi":                 {staff.Desk, staff.Office, staff.Admin},
	"GET /lam-viec/ma-qr/to-in":                {staff.Desk, staff.Office, staff.Admin},
	"GET /lam-viec/ma-qr/to-in.pdf":            {staff.Desk, staff.Office, staff.Admin},
	"GET /lam-viec/ma-qr/:code":                {staff.Desk, staff.Office, staff.Admin},
	"GET /lam-viec/ma-qr/:code/sua":            {staff.Desk, staff.Office, staff.Admin},
	"POST /lam-viec/ma-qr/:code/sua":           {staff.Desk, staff.Office, staff.Admin},
	"POST /lam-viec/ma-qr/:code/dong":          {staff.Desk, staff.Office, staff.Admin},
	"POST /lam-viec/ma-qr/:code/mo":            {staff.Desk, staff.Office, staff.Admin},
	"GET /lam-viec/vu-viec/moi":                {staff.Desk, staff.Inspection, staff.Office},
	"POST /lam-viec/vu-viec/moi":               {staff.Desk, staff.Inspection, staff.Office},
	"GET /lam-viec/nhap-phieu":                 {staff.Desk, staff.Office, staff.Admin},
	"GET /lam-viec/nhap-phieu/:code":           {staff.Desk, staff.Office, staff.Admin},
	"POST /lam-viec/nhap-phieu/:code":          {staff.Desk, staff.Office, staff.Admin},
	"GET /lam-viec/nhap-phieu/:code/phieu.pdf": {staff.Desk, staff.Office, staff.Admin},

	"GET /lam-viec/ho-so":                          {staff.Desk, staff.Office, staff.Leader, staff.Admin},
	"GET /lam-viec/ho-so/mau":                      {staff.Desk, staff.Office, staff.Leader, staff.Admin},
	"GET /lam-viec/ho-so/:code":                    {staff.Desk, staff.Office, staff.Leader, staff.Admin},
	"GET /lam-viec/ho-so/:code/phieu-xin-loi.docx": {staff.Desk, staff.Office, staff.Leader, staff.Admin},
	"POST /lam-viec/ho-so/:code/xin-loi":           {staff.Desk, staff.Office, staff.Admin},
	"POST /lam-viec/ho-so/:code/phieu":             {staff.Desk, staff.Admin},
	"GET /lam-viec/ho-so/nap":                      {staff.Desk, staff.Admin},
	"POST /lam-viec/ho-so/nap":                     {staff.Desk, staff.Admin},
	"POST /lam-viec/ho-so/nap/cot":                 {staff.Desk, staff.Admin},
	"POST /lam-viec/ho-so/nap/dong-phai-sua.csv":   {staff.Desk, staff.Admin},
	"POST /lam-viec/ho-so/nap/ghi":                 {staff.Desk, staff.Admin},
	"GET /lam-viec/ho-so/nap/xong":                 {staff.Desk, staff.Admin},

	"GET /lam-viec/danh-muc":                      staff.Roles,
	"GET /lam-viec/danh-muc/:kind":                staff.Roles,
	"GET /lam-viec/danh-muc/:kind/:id":            staff.Roles,
	"GET /lam-viec/danh-muc/:kind/moi":            {staff.Admin},
	"POST /lam-viec/danh-muc/:kind/moi":           {staff.Admin},
	"GET /lam-viec/danh-muc/:kind/:id/doi":        {staff.Admin},
	"POST /lam-viec/danh-muc/:kind/:id/doi":       {staff.Admin},
	"GET /lam-viec/danh-muc/:kind/:id/sua":        {staff.Admin},
	"POST /lam-viec/danh-muc/:kind/:id/sua":       {staff.Admin},
	"GET /lam-viec/danh-muc/:kind/:id/ket-thuc":   {staff.Admin},
	"POST /lam-viec/danh-muc/:kind/:id/ket-thuc":  {staff.Admin},
	"GET /lam-viec/danh-muc/:kind/:id/xac-nhan":   {staff.Admin},
	"POST /lam-viec/danh-muc/:kind/:id/xac-nhan":  {staff.Admin},
	"POST /lam-viec/danh-muc/:kind/:id/rut":       {staff.Admin},
	"GET /lam-viec/danh-muc/thu-tuc/nhap":         {staff.Admin},
	"POST /lam-viec/danh-muc/thu-tuc/nhap":        {staff.Admin},
	"POST /lam-viec/danh-muc/thu-tuc/nhap/ghi":    {staff.Admin},
	"GET /lam-viec/danh-muc/thu-tuc/nhap/xong":    {staff.Admin},
	"GET /lam-viec/danh-muc/thu-tuc/danh-muc.csv": {staff.Admin},

	"GET /lam-viec/tai-khoan":                             {staff.Admin},
	"GET /lam-viec/tai-khoan/moi":                         {staff.Admin},
	"POST /lam-viec/tai-khoan/moi":                        {staff.Admin},
	"GET /lam-viec/tai-khoan/:account":                    {staff.Admin},
	"GET /lam-viec/tai-khoan/:account/sua":                {staff.Admin},
	"POST /lam-viec/tai-khoan/:account/sua":               {staff.Admin},
	"POST /lam-viec/tai-khoan/:account/mat-khau":          {staff.Admin},
	"POST /lam-viec/tai-khoan/:account/dang-xuat":         {staff.Admin},
	"POST /lam-viec/tai-khoan/:account/bo-gan":            {staff.Admin},
	"POST /lam-viec/tai-khoan/:account/khoa":              {staff.Admin},
	"POST /lam-viec/tai-khoan/:account/mo-khoa":           {staff.Admin},
	"GET /lam-viec/tai-khoan/ma-truy-cap":                 {staff.Admin},
	"GET /lam-viec/tai-khoan/ma-truy-cap/moi":             {staff.Admin},
	"POST /lam-viec/tai-khoan/ma-truy-cap/moi":            {staff.Admin},
	"GET /lam-viec/tai-khoan/ma-truy-cap/:token":          {staff.Admin},
	"POST /lam-viec/tai-khoan/ma-truy-cap/:token/thu-hoi": {staff.Admin},
	"GET /lam-viec/thu-bao":                               {staff.Office, staff.Admin},
	"GET /lam-viec/nhat-ky":                               {staff.Inspection, staff.Admin},
	"GET /lam-viec/nhat-ky.csv":                           {staff.Inspection, staff.Admin},

	"GET /lam-viec/danh-muc/phieu":                    staff.Roles,
	"GET /lam-viec/danh-muc/phieu/:ref":               staff.Roles,
	"GET /lam-viec/danh-muc/phieu/:ref/xem":           staff.Roles,
	"GET /lam-viec/danh-muc/phieu/nhap/:ref/xem":      staff.Roles,
	"GET /lam-viec/danh-muc/phieu/moi":                {staff.Admin},
	"POST /lam-viec/danh-muc/phieu/moi":               {staff.Admin},
	"POST /lam-viec/danh-muc/phieu/:ref/sua":          {staff.Admin},
	"POST /lam-viec/danh-muc/phieu/:ref/rut":          {staff.Admin},
	"POST /lam-viec/danh-muc/phieu/:ref/ban-moi":      {staff.Admin},
	"GET /lam-viec/danh-muc/phieu/nhap/:ref":          {staff.Admin},
	"POST /lam-viec/danh-muc/phieu/nhap/:ref":         {staff.Admin},
	"POST /lam-viec/danh-muc/phieu/nhap/:ref/ban-moi": {staff.Admin},
	"POST /lam-viec/danh-muc/phieu/nhap/:ref/bo":      {staff.Admin},
	"GET /lam-viec/danh-muc/phieu/nhap/:ref/cong-bo":  {staff.Admin},
	"POST /lam-viec/danh-muc/phieu/nhap/:ref/cong-bo": {staff.Admin},
}

// public lists the routes that anybody may use.
var public = map[string]bool{
	"GET /": true, "GET /k": true, "GET /k/": true, "GET /k/:code": true, "POST /k/:code": true, "GET /k/:code/cam-on": true,
	"GET /kiosk/:code": true, "GET /kiosk/:code/manifest.webmanifest": true, "GET /kiosk/sw.js": true, "GET /kiosk/icon/:file": true,
	"GET /gop-y": true, "GET /gop-y/cong-khai": true, "POST /gop-y": true, "POST /api/v1/feedback": true,
	"GET /ket-qua": true, "GET /ket-qua.csv": true, "GET /ket-qua.json": true, "GET /quyen-rieng-tu": true, "GET /healthz": true, "GET /readyz": true,
	"GET /api": true, "GET /api/v1/openapi.yaml": true,
	"GET /api/v1/surveys/:code": true, "POST /api/v1/surveys/:code/responses": true,
	"GET /api/v1/areas": true, "GET /api/v1/procedures": true, "GET /api/v1/units": true, "GET /api/v1/desks": true,
	"GET /api/v1/targets": true, "GET /api/v1/questionnaires": true, "GET /api/v1/public/statistics": true,
	"GET /api/v1/seals": true, "GET /api/v1/seals/:date": true,

	"GET /tra-cuu": true, "POST /tra-cuu": true, "POST /tra-cuu/tin-nhan": true, "POST /tra-cuu/danh-gia": true, "POST /tra-cuu/tep": true,
	"GET /tra-cuu/:what": true, "POST /api/v1/feedback/lookup": true, "POST /api/v1/feedback/:code/messages": true,
	"POST /api/v1/feedback/:code/rating": true,

	"GET /static/:name": true, "GET /dang-nhap": true, "POST /dang-nhap": true, "GET /dang-nhap/sso": true, "GET /dang-nhap/sso/ve": true, "POST /dang-xuat": true, "GET /lam-viec": true,
}

// elsewhere lists the routes with a rule of their own, and the test of it.
var elsewhere = map[string]string{"GET /metrics": "TestWhoMayReadMetrics"}

// person is somebody who knocks at a route.
type person struct {
	name    string
	role    staff.Role // "": nobody we know
	headers []string
}

// people are everybody there is: each role by token and by session, and those
// who are nobody, for the several reasons there are.
func (o *office) people() []person {
	o.t.Helper()
	disabled := o.signIn(staff.Admin)
	list := []person{
		{"nobody", "", nil},
		{"a wrong token", "", []string{bearer("sipas_x")}},
		{"another scheme", "", []string{"Authorization: Basic " + o.token(staff.Admin)}},
		{"a wrong session", "", []string{"Cookie: __Host-sipas=x"}},
		{"a disabled account", "", []string{disabled}},
	}
	a, err := o.staff.Account(o.t.Context(), "test-admin")
	if err != nil {
		o.t.Fatal(err)
	}
	a.ID, a.Name = "test-other", "Người Khác" // the last administrator cannot be disabled
	if err := o.staff.AddAccount(o.t.Context(), a, password, o.now); err != nil {
		o.t.Fatal(err)
	}
	a, err = o.staff.Account(o.t.Context(), "test-admin")
	if err != nil {
		o.t.Fatal(err)
	}
	a.Disabled = true
	if err := o.staff.ChangeAccount(o.t.Context(), a); err != nil {
		o.t.Fatal(err)
	}
	for _, r := range staff.Roles {
		list = append(list, person{string(r) + " by token", r, []string{bearer(o.token(r))}})
	}
	return list
}

// objects makes one object of each kind, by the parameter of the routes that
// leads to it.
func (o *office) objects() map[string]string {
	o.t.Helper()
	if err := o.staff.AddAccount(o.t.Context(), &staff.Account{ID: "co-day", Name: "Người Có Đây", Role: staff.Leader}, password, o.now); err != nil {
		o.t.Fatal(err)
	}
	template := &feedback.Template{ID: feedback.NewTemplateID(), Name: "Mẫu", Step: feedback.Answer, Text: "Kính gửi ông/bà,"}
	if err := o.cases.PutTemplate(o.t.Context(), template); err != nil {
		o.t.Fatal(err)
	}
	o.token(staff.Leader)
	tokens, err := o.staff.Tokens(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return map[string]string{":code": o.link(`"kind":"counter"`), ":account": "co-day", ":template": template.ID, ":task": o.task(), ":comment": o.comment("Chờ lâu"), ":tag": o.tag("Thời gian"), ":token": tokens[0].ID,
		":name": "console.css", ":date": "2026-06-29", ":kind": "linh-vuc", ":id": "dat-dai", ":ref": "dich-vu@1"}
}

// TestEveryRouteAsEverybody tries every registered route, with an object that is
// there and one that is not, as everybody there is.
func TestEveryRouteAsEverybody(t *testing.T) {
	o := newOffice(t)
	there := o.objects()
	people := o.people()
	sessions := map[staff.Role]string{}
	for _, route := range o.server.Routes() {
		if elsewhere[route] != "" {
			continue
		}
		method, pattern, _ := strings.Cut(route, " ")
		roles, known := access[route]
		if public[route] == known {
			t.Errorf("%s is in neither table, or in both", route)
			continue
		}
		for _, object := range []string{"there", "khongcoma"} {
			path := pattern
			for parameter, id := range there {
				if object != "there" {
					id = object
				}
				path = strings.ReplaceAll(path, parameter, id)
			}
			if public[route] {
				if a := o.send(method, path, ""); (a.StatusCode == 401 || a.StatusCode == 403) && method == "GET" {
					t.Errorf("%s: nobody gets %d", route, a.StatusCode)
				}
				continue
			}
			for _, p := range people {
				o.knock(method, path, p, roles)
			}
			for _, r := range staff.Roles {
				if r == staff.Admin {
					continue // test-admin is the disabled one; test-other has the role
				}
				if sessions[r] == "" {
					sessions[r] = o.signIn(r)
				}
				o.knock(method, path, person{string(r) + " by session", r, []string{sessions[r], local}}, roles)
				if endsSession[route] {
					sessions[r] = ""
				}
			}
		}
	}
}

// endsSession lists the routes after which a session is over.
var endsSession = map[string]bool{"POST /lam-viec/toi/dang-xuat-moi-noi": true}

// bareKey is what stands on a page in place of a text that nobody has written.
var bareKey = regexp.MustCompile(`>\s*(?:[a-z]+\.)+(?:what|title|lead|note|text|name|heading|empty)\s*<`)

// knock sends a request and holds the answer against the table.
func (o *office) knock(method, path string, p person, roles []staff.Role) {
	o.t.Helper()
	isPage := !strings.HasPrefix(path, "/api/")
	body, headers := "{}", p.headers
	if isPage {
		body, headers = "", append(slices.Clone(headers), form)
	}
	a := o.send(method, path, body, headers...)
	byToken := len(p.headers) > 0 && strings.HasPrefix(p.headers[0], "Authorization")
	stranger := p.role == "" || isPage && byToken // pages know no tokens
	toSignIn := a.StatusCode == 303 && strings.HasPrefix(a.Header.Get("Location"), "/dang-nhap?next=")
	switch {
	case stranger && isPage && method == "GET":
		if !toSignIn {
			o.t.Errorf("%s %s as %s: %d %s", method, path, p.name, a.StatusCode, a.Header.Get("Location"))
		}
	case stranger:
		if a.StatusCode != 401 || !isPage && a.Header.Get("WWW-Authenticate") == "" {
			o.t.Errorf("%s %s as %s: %d", method, path, p.name, a.StatusCode)
		}
	case slices.Contains(roles, p.role):
		if a.StatusCode == 401 || a.StatusCode == 403 || toSignIn {
			o.t.Errorf("%s %s as %s: %d", method, path, p.name, a.StatusCode)
		}
		if said := a.body; isPage && bareKey.MatchString(said) {
			o.t.Errorf("%s %s as %s shows the key of a text that is not there: %s", method, path, p.name, bareKey.FindString(said))
		}
	case a.StatusCode != 403:
		o.t.Errorf("%s %s as %s: %d, want 403", method, path, p.name, a.StatusCode)
	case isPage && method == "GET" && !strings.Contains(a.body, `href="/lam-viec/"`):
		o.t.Errorf("%s as %s is refused without a way back to their work", path, p.name)
	}
	if a.Header.Get("Cache-Control") != "no-store" {
		o.t.Errorf("%s %s as %s may be kept by a cache: %q", method, path, p.name, a.Header.Get("Cache-Control"))
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
	if a := o.send("GET", "/lam-viec/danh-muc/linh-vuc/khong-co", "", o.signIn(staff.Admin)); a.StatusCode != 404 ||
		!strings.Contains(a.body, `href="/lam-viec/"`) || strings.Contains(a.body, `name="code"`) {
		t.Errorf("an officer is asked for a survey's code, or has no way back: %d", a.StatusCode)
	}
	if a := o.send("GET", "/lam-viec/khong-co", ""); a.StatusCode != 404 || !strings.Contains(a.body, `href="/lam-viec/"`) || strings.Contains(a.body, `name="code"`) {
		t.Errorf("an address of the console that is none: %d", a.StatusCode)
	}
	if a := o.send("PUT", "/ket-qua", ""); a.StatusCode != 405 || !strings.Contains(a.body, "<html") {
		t.Errorf("%d", a.StatusCode)
	}
}
