package api_test

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"sipas/internal/staff"
)

type linkAnswer struct {
	Code, URL, Kind, Title                                        string
	Area, Procedure, Desk, Unit, Questionnaire, OpensAt, ClosesAt *string
	Version                                                       int64
}

func TestLinkLife(t *testing.T) {
	o := newOffice(t)
	token := bearer(o.token(staff.Desk))
	var l linkAnswer
	a := o.send("POST", "/api/v1/links", `{"kind":"counter","procedure":"1.012784","desk":"bo-phan-mot-cua","title":"Quầy 3"}`, token)
	a.into(t, &l)
	if a.StatusCode != http.StatusCreated || l.URL != "https://khaosat.example.gov.vn/k/"+l.Code || *l.Area != "dat-dai" || l.Title != "Quầy 3" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if !regexp.MustCompile(`^[2-9a-hj-km-np-z]{8}$`).MatchString(l.Code) {
		t.Errorf("code %q", l.Code)
	}
	// Closed, it says so at once; reopened, it takes answers again.
	path := "/api/v1/links/" + l.Code
	if a = o.send("PATCH", path, `{"closesAt":"2026-06-30T11:00:00+07:00"}`, token); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a = o.send("GET", "/k/"+l.Code, ""); a.StatusCode != 410 {
		t.Errorf("closed: %d", a.StatusCode)
	}
	if a = o.send("PATCH", path, `{"closesAt":null,"area":"dat-dai","title":"Quầy 4"}`, token); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a.into(t, &l)
	if l.ClosesAt != nil || l.Title != "Quầy 4" || *l.Procedure != "1.012784" || l.Version != 3 {
		t.Errorf("%+v", l)
	}
	if a = o.send("GET", "/k/"+strings.ToUpper(l.Code), ""); a.StatusCode != 200 {
		t.Errorf("reopened, typed in capitals: %d", a.StatusCode)
	}
	if p := o.problem(o.send("PATCH", path, `{"title":"x","version":1}`, token), 409); p.Code != "stale" {
		t.Errorf("%+v", p)
	}
	if p := o.problem(o.send("PATCH", path, `{"kind":"kiosk"}`, token), 422); p.fields() != "kind fixed" {
		t.Errorf("%s", p.fields())
	}
	o.problem(o.send("GET", "/api/v1/links/zzzzzzzz", "", token), 404)
}

func TestBadLinks(t *testing.T) {
	o := newOffice(t)
	token := bearer(o.token(staff.Admin))
	for body, fields := range map[string]string{
		`{}`:                                 "kind required",
		`{"kind":"poster"}`:                  "kind choice",
		`{"kind":"dossier"}`:                 "kind choice",
		`{"kind":3}`:                         "kind type_text",
		`{"kind":"counter","area":"x"}`:      "area unknown",
		`{"kind":"counter","desk":"x"}`:      "desk unknown",
		`{"kind":"counter","unit":"x"}`:      "unit unknown",
		`{"kind":"counter","procedure":"x"}`: "procedure unknown",
		`{"kind":"counter","procedure":"1.012784","area":"moi-truong"}`:                         "procedure other_area",
		`{"kind":"counter","questionnaire":"x"}`:                                                "questionnaire unknown",
		`{"kind":"counter","opensAt":"soon"}`:                                                   "opensAt moment",
		`{"kind":"counter","opensAt":"2026-07-02T00:00:00Z","closesAt":"2026-07-01T00:00:00Z"}`: "closesAt before_opening",
		`{"kind":"counter","title":"` + strings.Repeat("x", 201) + `"}`:                         "title too_long",
	} {
		if p := o.problem(o.send("POST", "/api/v1/links", body, token), 422); p.fields() != fields {
			t.Errorf("%s: %q, want %q", body, p.fields(), fields)
		}
	}
	o.problem(o.send("POST", "/api/v1/links", `{`, token), 400)
}

func TestLinkList(t *testing.T) {
	o := newOffice(t)
	token := bearer(o.token(staff.Office))
	want := map[string]bool{}
	for range 7 {
		want[o.link(`"kind":"counter"`)] = true
	}
	o.link(`"kind":"kiosk"`)
	got := map[string]bool{}
	for after := ""; ; {
		var page struct {
			Items []linkAnswer
			Next  *string
		}
		o.send("GET", "/api/v1/links?kind=counter&limit=3&after="+after, "", token).into(t, &page)
		for _, l := range page.Items {
			got[l.Code] = true
		}
		if page.Next == nil {
			break
		}
		after = *page.Next
	}
	if len(got) != 7 {
		t.Errorf("listed %d of 7", len(got))
	}
	for code := range want {
		if !got[code] {
			t.Errorf("%s is not listed", code)
		}
	}
	for _, query := range []string{"limit=0", "limit=501", "limit=x", "after=rubbish"} {
		o.problem(o.send("GET", "/api/v1/links?"+query, "", token), 422)
	}
}

func TestQRCodesDecode(t *testing.T) {
	o := newOffice(t)
	token := bearer(o.token(staff.Office))
	code := o.link(`"kind":"counter"`)
	want := "https://khaosat.example.gov.vn/k/" + code
	a := o.send("GET", "/api/v1/links/"+code+"/qr.png", "", token)
	img, err := png.Decode(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	svg := o.send("GET", "/api/v1/links/"+code+"/qr.svg", "", token)
	if svg.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("content type %s", svg.Header.Get("Content-Type"))
	}
	modules, drawn := drawSVG(t, svg.body, 8)
	for name, picture := range map[string]image.Image{
		"png": img, "svg": drawn, "png at half size": scale(img, 1, 2), "svg at five times": scale(drawn, 5, 2),
		"png at 7/5": scale(img, 7, 5), "svg in faint grey": grey(drawn, 90, 190), "png in grey": grey(img, 60, 200),
	} {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		if err != nil {
			t.Fatal(err)
		}
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if result.GetText() != want {
			t.Errorf("%s says %q", name, result.GetText())
		}
		if level := result.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]; level != "M" {
			t.Errorf("%s has level %v", name, level)
		}
	}
	// The quiet zone: four modules of white on every side.
	for i := range modules {
		for d := range 4 {
			if modules[d][i] || modules[len(modules)-1-d][i] || modules[i][d] || modules[i][len(modules)-1-d] {
				t.Fatalf("a dark module within four of the edge")
			}
		}
	}
}

// drawSVG draws the rectangles of our SVG, so that the test reads the file and
// not the bitmap it was made from.
func drawSVG(t *testing.T, svg string, size int) ([][]bool, image.Image) {
	t.Helper()
	n, err := strconv.Atoi(regexp.MustCompile(`viewBox="0 0 (\d+) `).FindStringSubmatch(svg)[1])
	if err != nil {
		t.Fatal(err)
	}
	modules := make([][]bool, n)
	for y := range modules {
		modules[y] = make([]bool, n)
	}
	img := image.NewGray(image.Rect(0, 0, n*size, n*size))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(svg, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		w, _ := strconv.Atoi(m[3])
		for i := range w {
			modules[y][x+i] = true
		}
		draw.Draw(img, image.Rect(x*size, y*size, (x+w)*size, (y+1)*size), image.Black, image.Point{}, draw.Src)
	}
	return modules, img
}

func scale(src image.Image, up, down int) image.Image {
	b := src.Bounds()
	dst := image.NewGray(image.Rect(0, 0, b.Dx()*up/down, b.Dy()*up/down))
	for y := range dst.Bounds().Dy() {
		for x := range dst.Bounds().Dx() {
			dst.Set(x, y, src.At(b.Min.X+x*down/up, b.Min.Y+y*down/up))
		}
	}
	return dst
}

// grey turns black and white into two shades, as a tired printer does.
func grey(src image.Image, dark, light uint8) image.Image {
	b := src.Bounds()
	dst := image.NewGray(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			shade := light
			if color.GrayModel.Convert(src.At(x, y)).(color.Gray).Y < 128 {
				shade = dark
			}
			dst.SetGray(x, y, color.Gray{Y: shade})
		}
	}
	return dst
}
