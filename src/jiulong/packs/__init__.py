"""Packs: what the district's systems are, as YAML; the engines are set up from them."""
