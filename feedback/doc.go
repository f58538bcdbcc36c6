// Package feedback takes in what citizens write to the department (góp ý):
// petitions, complaints, denunciations, questions and praise, each by the law
// that it has of its own, and carries a case from its receipt to its answer.
// The rules are pure functions over dated data; only the files named store….go
// know the store.
package feedback
