package feedback

import "slices"

// Kind is the lane in which the law puts a case. The citizen chooses it, the
// desk corrects it.
type Kind string

// The five kinds.
const (
	Petition     Kind = "petition"     // phản ánh, kiến nghị
	Complaint    Kind = "complaint"    // khiếu nại
	Denunciation Kind = "denunciation" // tố cáo
	Question     Kind = "question"     // hỏi đáp
	Praise       Kind = "praise"       // khen ngợi
)

// Kinds lists every kind in the order in which they are offered.
var Kinds = []Kind{Petition, Complaint, Denunciation, Question, Praise}

// Known reports whether k is one of Kinds.
func (k Kind) Known() bool { return slices.Contains(Kinds, k) }

// Named says whether the sender has to say who they are and where an answer
// reaches them: a complaint and a denunciation are only dealt with under a name
// (Luật Khiếu nại 02/2011, Luật Tố cáo 25/2018).
func (k Kind) Named() bool { return k == Complaint || k == Denunciation }
