package document

// stroke is a line of a face: two points, or three of a curve whose middle one
// pulls at it. The face is a circle around 0, 0 of radius 1.
type stroke [][2]float64

// faces are the five levels, worst first, told apart by mouth and brows so that
// they work in grey. They are those of the survey's page.
var faces = [5][]stroke{
	{{{-.52, -.38}, {-.22, -.24}}, {{.52, -.38}, {.22, -.24}}, {{-.33, -.1}, {-.33, -.06}}, {{.33, -.1}, {.33, -.06}}, {{-.4, .56}, {0, .1}, {.4, .56}}},
	{{{-.34, -.24}, {-.34, -.18}}, {{.34, -.24}, {.34, -.18}}, {{-.38, .46}, {0, .2}, {.38, .46}}},
	{{{-.34, -.24}, {-.34, -.18}}, {{.34, -.24}, {.34, -.18}}, {{-.4, .36}, {.4, .36}}},
	{{{-.34, -.24}, {-.34, -.18}}, {{.34, -.24}, {.34, -.18}}, {{-.38, .26}, {0, .56}, {.38, .26}}},
	{{{-.44, -.22}, {-.34, -.36}, {-.24, -.22}}, {{.24, -.22}, {.34, -.36}, {.44, -.22}}, {{-.46, .14}, {.46, .14}}, {{.46, .14}, {.37, .6}, {0, .6}}, {{0, .6}, {-.37, .6}, {-.46, .14}}},
}

// face draws the face of a level, 0 the worst, in a circle around x, y.
func (s *sheet) face(level int, x, y, radius float64, c color) {
	at := func(p [2]float64) (float64, float64) { return s.x + (x+p[0]*radius)*s.k, s.y + (y+p[1]*radius)*s.k }
	s.stroke(radius*.14, c)
	cx, cy := at([2]float64{})
	s.pdf.Circle(cx, cy, radius*s.k, "D")
	for _, p := range faces[level] {
		x0, y0 := at(p[0])
		x1, y1 := at(p[len(p)-1])
		if len(p) == 2 {
			s.pdf.Line(x0, y0, x1, y1)
			continue
		}
		px, py := at(p[1])
		s.pdf.CurveBezierCubic(x0, y0, x0+(px-x0)*2/3, y0+(py-y0)*2/3, x1+(px-x1)*2/3, y1+(py-y1)*2/3, x1, y1, "D")
	}
}
