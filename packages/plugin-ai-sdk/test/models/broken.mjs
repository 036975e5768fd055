throw new Error('it has no battery')
