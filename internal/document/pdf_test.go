package document_test

import (
	"bytes"
	"compress/zlib"
	"flag"
	"image"
	"image/color"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"sipas/internal/document"
)

var look = flag.String("look", "", "folder to keep the PDF files in, for looking at them")

const point = 25.4 / 72 // in millimetres

// paper is a PDF file as this package writes it, read back.
type paper struct {
	size  int               // of the file, in bytes
	about map[string]string // Title, Author, Lang, CreationDate, ModDate
	pages []leaf
}

// leaf is one page, in millimetres from its upper left corner.
type leaf struct {
	width, height float64
	words         []words
	dark          []area // the dark modules of codes
	boxes         []area // outlined rectangles
	lines         []area // straight lines
}

// words is one line of text where it was set.
type words struct {
	area
	text string
	size float64 // in points
}

type area struct{ x, y, w, h float64 }

func (a area) right() float64  { return a.x + a.w }
func (a area) bottom() float64 { return a.y + a.h }

// meets says whether two areas overlap by more than a tenth of a millimetre.
func (a area) meets(b area) bool {
	return a.x+.1 < b.right() && b.x+.1 < a.right() && a.y+.1 < b.bottom() && b.y+.1 < a.bottom()
}

// around returns the smallest area around all.
func around(all []area) area {
	x, y, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, a := range all {
		x, y, right, bottom = min(x, a.x), min(y, a.y), max(right, a.right()), max(bottom, a.bottom())
	}
	return area{x, y, right - x, bottom - y}
}

// print makes a file with write, twice to see that it is the same, and reads it.
func print(t *testing.T, name string, write func(io.Writer) error) paper {
	t.Helper()
	var b, again bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	if err := write(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("%s: written again, it is another file (%v)", name, err)
	}
	if *look != "" {
		if err := os.WriteFile(filepath.Join(*look, name+".pdf"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return read(t, b.Bytes())
}

// object is an object of the file: its dictionary, and its stream inflated.
type object struct{ dict, stream string }

var (
	startXref = regexp.MustCompile(`startxref\n(\d+)\n`)
	length    = regexp.MustCompile(`/Length (\d+)`)
	reference = regexp.MustCompile(`(\d+) 0 R`)
	property  = regexp.MustCompile(`/(Title|Author|Lang|CreationDate|ModDate) \(`)
	mediaBox  = regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]`)
	fontName  = regexp.MustCompile(`/(F\w+) (\d+) 0 R`)
)

func read(t *testing.T, b []byte) paper {
	t.Helper()
	objects := objectsOf(t, b)
	p := paper{size: len(b), about: map[string]string{}}
	fonts := map[string]map[rune]float64{}
	var usual [2]float64
	for _, o := range objects {
		for _, m := range property.FindAllStringSubmatchIndex(o.dict, -1) {
			p.about[o.dict[m[2]:m[3]]] = literal(o.dict[m[1]:])
		}
		if strings.Contains(o.dict, "/ProcSet") {
			for _, m := range fontName.FindAllStringSubmatch(o.dict, -1) {
				descendant := reference.FindStringSubmatch(objects[number(t, m[2])].dict[strings.Index(objects[number(t, m[2])].dict, "/DescendantFonts"):])
				fonts[m[1]] = widths(t, objects[number(t, descendant[1])].dict)
			}
		}
		if m := mediaBox.FindStringSubmatch(o.dict); m != nil && strings.Contains(o.dict, "/Type /Pages") {
			usual = [2]float64{float(t, m[1]), float(t, m[2])}
		}
	}
	for i := range len(objects) + 1 { // pages stand in their order
		o := objects[i]
		if !strings.Contains(o.dict, "/Type /Page\n") {
			continue
		}
		wide := usual
		if m := mediaBox.FindStringSubmatch(o.dict); m != nil {
			wide = [2]float64{float(t, m[1]), float(t, m[2])}
		}
		contents := reference.FindStringSubmatch(o.dict[strings.Index(o.dict, "/Contents"):])
		p.pages = append(p.pages, draw(t, objects[number(t, contents[1])].stream, wide, fonts))
	}
	if len(p.pages) == 0 {
		t.Fatal("no page found")
	}
	return p
}

func objectsOf(t *testing.T, b []byte) map[int]object {
	t.Helper()
	m := startXref.FindSubmatch(b)
	if m == nil {
		t.Fatal("no cross-reference table")
	}
	rows := strings.Split(string(b[number(t, string(m[1])):]), "\n")
	objects := map[int]object{}
	for i, row := range rows[3:] {
		if len(row) < 18 {
			break
		}
		text := string(b[number(t, row[:10]):])
		head := text[:strings.Index(text, "endobj")]
		dict, _, isStream := strings.Cut(head, "stream\n")
		o := object{dict: dict}
		if l := length.FindStringSubmatch(dict); isStream && l != nil {
			from := strings.Index(text, "stream\n") + len("stream\n")
			o.stream = text[from : from+number(t, l[1])]
			if strings.Contains(dict, "/FlateDecode") {
				r, err := zlib.NewReader(strings.NewReader(o.stream))
				if err != nil {
					t.Fatal(err)
				}
				inflated, err := io.ReadAll(r)
				if err != nil {
					t.Fatal(err)
				}
				o.stream = string(inflated)
			}
		}
		objects[i+1] = o
	}
	return objects
}

// widths reads the widths that viewers go by, in thousandths of the size:
// "32 [ 250 300 ] 48 57 600".
func widths(t *testing.T, dict string) map[rune]float64 {
	t.Helper()
	w := map[rune]float64{}
	from := strings.Index(dict, "/W [") + len("/W [")
	tokens := strings.Fields(strings.NewReplacer("[", " [ ", "]", " ] ").Replace(dict[from:strings.Index(dict, "/CIDToGIDMap")]))
	for i := 0; i+2 < len(tokens); {
		first := number(t, tokens[i])
		if tokens[i+1] != "[" {
			for c := first; c <= number(t, tokens[i+1]); c++ {
				w[rune(c)] = float(t, tokens[i+2])
			}
			i += 3
			continue
		}
		for i += 2; tokens[i] != "]"; i++ {
			w[rune(first)] = float(t, tokens[i])
			first++
		}
		i++
	}
	return w
}

// literal reads a string of the file from behind its bracket on.
func literal(s string) string {
	var b []byte
	for i := 0; s[i] != ')'; i++ {
		if s[i] == '\\' {
			i++
			if s[i] == 'r' {
				b = append(b, '\r')
				continue
			}
		}
		b = append(b, s[i])
	}
	if bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		return fromUTF16(b[2:])
	}
	return string(b)
}

func fromUTF16(b []byte) string {
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}

var (
	setFont = regexp.MustCompile(`BT /(F\w+) ([\d.]+) Tf ET`)
	setText = regexp.MustCompile(`(?s)BT ([\d.-]+) ([\d.-]+) Td \((.*)\) Tj ET`)
	moveTo  = regexp.MustCompile(`^(?:q )?([\d.-]+) ([\d.-]+) (m|l)$`)
	oneLine = regexp.MustCompile(`^([\d.-]+) ([\d.-]+) m ([\d.-]+) ([\d.-]+) l S$`)
	curve   = regexp.MustCompile(`^([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+) c\s*$`)
)

// draw reads the operators of a page, one a line.
func draw(t *testing.T, content string, wide [2]float64, fonts map[string]map[rune]float64) leaf {
	t.Helper()
	l := leaf{width: wide[0] * point, height: wide[1] * point}
	at := func(x, y string) area { return area{float(t, x) * point, l.height - float(t, y)*point, 0, 0} }
	var font map[rune]float64
	var size float64
	var path, shapes []area
	var curved, straight bool
	rows := strings.Split(content, "\n")
	for i := 0; i < len(rows); i++ {
		row := rows[i]
		for strings.Contains(row, " Td (") && !strings.Contains(row, ") Tj ET") { // half of a letter may be a line break
			i++
			row += "\n" + rows[i]
		}
		if m := setFont.FindStringSubmatch(row); m != nil {
			font, size = fonts[m[1]], float(t, m[2])
		}
		if m := setText.FindStringSubmatch(row); m != nil {
			text := fromUTF16([]byte(unescape(m[3])))
			var w float64
			for _, r := range text {
				if _, ok := font[r]; !ok {
					t.Errorf("%q is set, which the font lacks", r)
				}
				w += font[r] / 1000 * size * point
			}
			a := at(m[1], m[2])
			// Letters with their marks reach from 0.95 of the size above the line to 0.25 below.
			l.words = append(l.words, words{area{a.x, a.y - .95*size*point, w, 1.2 * size * point}, text, size})
		}
		if m := oneLine.FindStringSubmatch(row); m != nil {
			l.lines = append(l.lines, around([]area{at(m[1], m[2]), at(m[3], m[4])}))
		}
		switch m := moveTo.FindStringSubmatch(row); {
		case m != nil && m[3] == "m":
			path, curved, straight = []area{at(m[1], m[2])}, false, false
		case m != nil:
			path, straight = append(path, at(m[1], m[2])), true
		}
		if m := curve.FindStringSubmatch(row); m != nil {
			path, curved = append(path, at(m[5], m[6])), true
		}
		switch strings.TrimSpace(row) {
		case "h":
			shapes = append(shapes, around(path))
		case "f":
			if !curved {
				l.dark = append(l.dark, shapes...)
			}
			shapes = nil
		case "S":
			if curved && straight {
				l.boxes = append(l.boxes, around(path))
			}
			shapes = nil
		}
	}
	return l
}

func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(s)
}

// says returns all that stands on the page, in order, with single spaces.
func (l leaf) says() string {
	var b []string
	for _, w := range l.words {
		b = append(b, strings.Fields(w.text)...)
	}
	return strings.Join(b, " ")
}

// decode reads the code inside an area as a phone does from a print of 300 dots
// an inch, and returns where its dark part is.
func (l leaf) decode(t *testing.T, in area) (string, area) {
	t.Helper()
	const dots = 300 / 25.4
	var dark []area
	for _, d := range l.dark {
		if in.meets(d) {
			dark = append(dark, d)
		}
	}
	if len(dark) == 0 {
		t.Fatal("no code drawn")
	}
	where := around(dark)
	quiet := where.w / 7
	img := image.NewGray(image.Rect(0, 0, int((where.w+2*quiet)*dots), int((where.h+2*quiet)*dots)))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, d := range dark {
		for y := int((d.y - where.y + quiet) * dots); y < int((d.bottom()-where.y+quiet)*dots); y++ {
			for x := int((d.x - where.x + quiet) * dots); x < int((d.right()-where.x+quiet)*dots); x++ {
				img.SetGray(x, y, color.Gray{})
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("the printed code cannot be read: %v", err)
	}
	return result.GetText(), where
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func float(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func about(title string) document.About {
	return document.About{Title: title, Office: "Sở Nông nghiệp và Môi trường tỉnh Quảng Trị", Lang: "vi", Made: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
}
