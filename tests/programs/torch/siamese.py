import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class PairDataset(Dataset):
    def __init__(self, n=10):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, index):
        first = torch.randn(1, 28, 28)
        second = torch.randn(1, 28, 28)
        return first, second, torch.tensor(index % 2, dtype=torch.float)


class SiameseNetwork(nn.Module):
    def __init__(self, embedding=16):
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, 8, 5), nn.PReLU(), nn.MaxPool2d(2, stride=2),
            nn.Conv2d(8, 12, 5), nn.PReLU(), nn.MaxPool2d(2, stride=2),
        )
        self.fc = nn.Sequential(nn.Linear(12 * 4 * 4, 64), nn.PReLU(), nn.Linear(64, embedding))
        self.judge = nn.Bilinear(embedding, embedding, 1)

    def forward_once(self, x):
        output = self.cnn(x)
        output = output.view(output.size()[0], -1)
        output = self.fc(output)
        return output

    def forward(self, input1, input2):
        output1 = self.forward_once(input1)
        output2 = self.forward_once(input2)
        return output1, output2

    def verify(self, input1, input2):
        left, right = self(input1, input2)
        return torch.sigmoid(self.judge(left, right)).squeeze(1)


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=2.0):
        super().__init__()
        self.margin = margin

    def forward(self, output1, output2, label):
        euclidean_distance = F.pairwise_distance(output1, output2, keepdim=True)
        loss_contrastive = torch.mean(
            (1 - label) * torch.pow(euclidean_distance, 2)
            + label * torch.pow(torch.clamp(self.margin - euclidean_distance, min=0.0), 2)
        )
        return loss_contrastive


class TripletNet(nn.Module):
    def __init__(self, embeddingnet):
        super().__init__()
        self.embeddingnet = embeddingnet

    def forward(self, x, y, z):
        embedded_x, embedded_y, embedded_z = [self.embeddingnet(t) for t in (x, y, z)]
        dist_a = F.pairwise_distance(embedded_x, embedded_y, 2)
        dist_b = F.pairwise_distance(embedded_x, embedded_z, 2)
        return dist_a, dist_b, F.cosine_similarity(embedded_x, embedded_y)


net = SiameseNetwork()
criterion = ContrastiveLoss()
loader = DataLoader(PairDataset(), batch_size=4, shuffle=True, drop_last=True)
for img0, img1, label in loader:
    img0, img1 = img0.to("cpu"), img1.to("cpu")
    output1, output2 = net(img0, img1)
    loss = criterion(output1, output2, label)
    loss.backward()

a, b = torch.randn(5, 1, 28, 28), torch.randn(5, 1, 28, 28)
e1, e2 = net(a, b)
same = net.verify(a, b)
embedder = nn.Sequential(net.cnn, nn.Flatten(), net.fc)
near, far, cosine = TripletNet(embedder)(a, b, torch.randn(5, 1, 28, 28))
distances = torch.cdist(e1, e2)
similar = F.normalize(e1, dim=1) @ F.normalize(e2, p=2, dim=-1).t()
