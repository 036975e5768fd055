export const createOne = () => () => ({ specificationVersion: 'v3' })
export const createOther = () => () => ({ specificationVersion: 'v1' })
