"""The four chains (talent, innovation, industry, capital): indicators, frozen months, editions, the degree."""
