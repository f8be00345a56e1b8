package mcp

import (
	"context"
	"errors"
)

// questionInput is what next_question takes.
type questionInput struct {
	Answers *answers `json:"answers,omitempty" jsonschema:"what's known about one operation so far; leave out what isn't known"`
	manifests
	Only []string `json:"only,omitempty" jsonschema:"for manifests: only operations that match one of these patterns"`
	page
}

// questionResult is what next_question returns.
type questionResult struct {
	Verdict string        `json:"verdict,omitempty" jsonschema:"for answers: the verdict, undecided when a question is open"`
	Why     string        `json:"why,omitempty"`
	Ask     *openQuestion `json:"ask,omitempty" jsonschema:"for answers: what to ask first"`
	Open    []openAt      `json:"open,omitempty" jsonschema:"for manifests: the undecided operations, each with what to ask first"`
	*rest
	Problems []problem `json:"problems,omitempty"`
}

// An openQuestion is one to put to a person.
type openQuestion struct {
	question
	Possible []string  `json:"possible" jsonschema:"the verdicts still possible"`
	Means    []meaning `json:"means" jsonschema:"what each answer means and what it argues for"`
}

type meaning struct {
	Answer string `json:"answer"`
	Means  string `json:"means"`
}

type openAt struct {
	ID       string   `json:"id"`
	Place    string   `json:"place"`
	Question string   `json:"question"`
	Ask      string   `json:"ask"`
	Possible []string `json:"possible"`
}

func (s *Server) nextQuestion(ctx context.Context, in questionInput) (questionResult, error) {
	if in.Answers != nil {
		if in.Text != "" || len(in.Paths) > 0 || len(in.Only) > 0 {
			return questionResult{}, errors.New("give only one of answers and manifests")
		}
		return s.nextOf(ctx, in.Answers)
	}
	a, err := s.adviceOn(ctx, nil, &in.manifests, in.Only, "")
	if err != nil {
		return questionResult{}, err
	}
	var open []openAt
	for _, r := range a.recommendations() {
		if r.Ask != nil {
			open = append(open, openAt{r.ID, r.Place, r.Ask.Question, r.Ask.Ask, r.Possible})
		}
	}
	out := questionResult{rest: &rest{}, Problems: a.problems()}
	out.Open, *out.rest = take(in.page, open)
	return out, nil
}

// nextOf says what to ask about one operation.
func (s *Server) nextOf(ctx context.Context, known *answers) (questionResult, error) {
	r, err := s.recommend(ctx, known)
	if err != nil {
		return questionResult{}, err
	}
	out := questionResult{Verdict: r.Verdict, Why: r.Why}
	if r.Ask == nil {
		return out, nil
	}
	out.Ask = &openQuestion{question: *r.Ask, Possible: r.Possible}
	var found struct {
		Topics []struct {
			Sections []struct {
				Title string
				Items []struct{ Label, Text string }
			}
		}
	}
	if err := s.run(ctx, &found, "", "explain", "--format=json", "question/"+r.Ask.Question); err != nil {
		return out, err
	}
	for _, t := range found.Topics {
		for _, section := range t.Sections {
			if section.Title == "answers" {
				for _, item := range section.Items {
					out.Ask.Means = append(out.Ask.Means, meaning{item.Label, item.Text})
				}
			}
		}
	}
	return out, nil
}

// recommend runs ask with the answers that are known.
func (s *Server) recommend(ctx context.Context, known *answers) (*recommendation, error) {
	a := &advice{}
	if err := s.run(ctx, a, "", append([]string{"ask", "--yes", "--format=json"}, known.flags()...)...); err != nil {
		return nil, err
	}
	list := a.recommendations()
	if len(list) != 1 {
		return nil, errors.New("ask gave no recommendation")
	}
	return &list[0], nil
}
