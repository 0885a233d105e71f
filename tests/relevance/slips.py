"""One character missing, or changed places with the next, in any script."""

LETTERS_MIN = 4     # shorter questions have no word left that could find anything


def slip(text, chance, _context):
    places = [at for at, char in enumerate(text) if char.isalnum()]
    if len(places) < LETTERS_MIN:
        return None
    swaps = [at for at in places if text[at + 1:at + 2].isalnum() and text[at] != text[at + 1]]
    if swaps and chance.random() < .5:
        at = chance.choice(swaps)
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    at = chance.choice(places)
    return text[:at] + text[at + 1:]
