"""Opening, ranking, terms, award, replies: one answer is chosen (评审与中榜)."""
