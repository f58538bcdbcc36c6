package dossier

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"sipas/internal/text"
)

// Column is something that a list says of a dossier; its name is that of the
// interface's field.
type Column string

// The columns that are read.
const (
	ColCode      Column = "code"
	ColProcedure Column = "procedure"
	ColDesk      Column = "desk"
	ColUnit      Column = "unit"
	ColReceived  Column = "receivedOn"
	ColDue       Column = "dueOn"
	ColReturned  Column = "returnedOn"
	ColOutcome   Column = "outcome"
	ColApology   Column = "apologyOn"
)

// AllColumns in the order in which they are asked for; the first Needed of them
// every list has to have.
var AllColumns = []Column{ColCode, ColProcedure, ColReceived, ColDue, ColReturned, ColDesk, ColUnit, ColOutcome, ColApology}

// Needed is how many of AllColumns a list cannot be without.
const Needed = 4

// Required says whether every list has to have the column.
func (c Column) Required() bool { return slices.Index(AllColumns, c) < Needed }

// words are the headings by which offices and their systems call the columns, as
// text.Fold writes them.
var words = map[Column][]string{
	ColCode:      {"ma ho so", "so ho so", "ma so ho so", "ma hs", "so hs", "ma bien nhan", "so bien nhan", "code", "dossier", "dossier code"},
	ColProcedure: {"ma thu tuc", "ma tthc", "thu tuc", "tthc", "ma so tthc", "ma thu tuc hanh chinh", "thu tuc hanh chinh", "ten thu tuc", "ten tthc", "procedure", "procedure code"},
	ColDesk:      {"quay", "noi tiep nhan", "quay tiep nhan", "bo phan tiep nhan", "noi nhan", "desk"},
	ColUnit:      {"don vi", "don vi giai quyet", "don vi xu ly", "phong xu ly", "phong chuyen mon", "don vi thu ly", "co quan giai quyet", "unit"},
	ColReceived:  {"ngay tiep nhan", "ngay nhan", "ngay nop", "ngay nhan ho so", "ngay tiep nhan ho so", "thoi gian tiep nhan", "received", "receivedon", "received on"},
	ColDue:       {"ngay hen tra", "ngay hen", "han tra", "ngay hen tra ket qua", "han xu ly", "han giai quyet", "han tra ket qua", "thoi han", "due", "dueon", "due on"},
	ColReturned:  {"ngay tra", "ngay tra ket qua", "ngay tra kq", "ngay hoan thanh", "ngay ket thuc", "ngay tra thuc te", "ngay co ket qua", "returned", "returnedon", "returned on"},
	ColOutcome:   {"ket qua", "ket qua giai quyet", "ket qua xu ly", "tinh trang", "trang thai", "outcome", "result"},
	ColApology:   {"ngay xin loi", "xin loi", "phieu xin loi", "thu xin loi", "ngay gui thu xin loi", "ngay xin loi va hen lai", "apology", "apologyon", "apology on"},
}

// columnOf returns what a heading means, "" if nothing that is read.
func columnOf(heading string) Column {
	folded := text.Fold(heading)
	for c, list := range words {
		if slices.Contains(list, folded) {
			return c
		}
	}
	return ""
}

// KnownHeadings counts the headings in a line.
func KnownHeadings(cells []string) (n int) {
	for _, s := range cells {
		if len(s) <= 120 && columnOf(s) != "" {
			n++
		}
	}
	return n
}

// Mapping says in which cell of a line each column stands, from 0; a column that
// is not in it is not in the list.
type Mapping map[Column]int

// Guess reads a mapping out of headings: the first one that means a column is it.
func Guess(headings []string) Mapping {
	m := Mapping{}
	for i, h := range headings {
		if c := columnOf(h); c != "" {
			if _, taken := m[c]; !taken {
				m[c] = i
			}
		}
	}
	return m
}

// Missing returns the columns that every list has to have and this one has not.
func (m Mapping) Missing() (list []Column) {
	for _, c := range AllColumns[:Needed] {
		if _, ok := m[c]; !ok {
			list = append(list, c)
		}
	}
	return list
}

// Columns returns what the list says.
func (m Mapping) Columns() Columns {
	has := Columns{}
	for c := range m {
		has[c] = true
	}
	return has
}

// Columns is a set of columns.
type Columns map[Column]bool

// Has says whether the column is in it.
func (c Columns) Has(column Column) bool { return c[column] }

// Signature names headings, so that a mapping can be remembered for the next
// list from the same system without keeping what the headings say.
func Signature(headings []string) string {
	folded := make([]string, len(headings))
	for i, h := range headings {
		folded[i] = text.Fold(h)
	}
	sum := sha256.Sum256([]byte(strings.Join(folded, "\n")))
	return hex.EncodeToString(sum[:16])
}
